import type { ControlPlane } from '../control-plane/control-plane.js';

/** The plane, each of its calls made by `around`: whatever calls the control plane has, or will have. */
export function aroundCalls(
  plane: ControlPlane,
  around: (call: () => Promise<unknown>, name: keyof ControlPlane) => Promise<unknown>,
): ControlPlane {
  return new Proxy(plane, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown =>
        around(() => Reflect.apply(member, target, args) as Promise<unknown>, key as keyof ControlPlane);
    },
  });
}
