import type { ControlPlane } from '../control-plane/control-plane.js';

/** A control plane that wraps each call of `plane` in `around`, including calls that are added later. */
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
