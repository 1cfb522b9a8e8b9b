import { Component, type ReactNode } from 'react';
import { FailureNotice } from './failure-notice.js';
import { PartNotLoaded } from './loaded-part.js';

interface FailureBoundaryProps {
  /** What cannot be shown: `This page`. */
  what: string;
  /** Identity of the place: a change resets the failure. */
  of?: string;
  /** Wrapper for the failure's notice; absent for none. */
  renderFrame?: (notice: ReactNode) => ReactNode;
  children: ReactNode;
}

interface BoundaryState {
  error: unknown;
  /** The place in which `error` occurred. */
  of: string | undefined;
}

/** Contains a failure: what is around it stays, and the failed part can be tried again. */
export class FailureBoundary extends Component<FailureBoundaryProps, BoundaryState> {
  override state: BoundaryState = { error: undefined, of: this.props.of };

  static getDerivedStateFromProps({ of }: FailureBoundaryProps, state: BoundaryState): BoundaryState | null {
    return of === state.of ? null : { error: undefined, of };
  }

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error: error ?? new Error('for an unknown reason') };
  }

  override componentDidCatch(error: unknown): void {
    if (error instanceof PartNotLoaded) error.forget();
  }

  override render(): ReactNode {
    const { error } = this.state;
    const { what, renderFrame = asItIs, children } = this.props;
    if (error === undefined) return children;
    return renderFrame(<FailureNotice what={what} error={error} onRetry={() => this.setState({ error: undefined })} />);
  }
}

function asItIs(notice: ReactNode): ReactNode {
  return notice;
}
