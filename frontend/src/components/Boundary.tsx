import { Component, type ComponentChildren } from "preact";

interface BoundaryProps {
  /** What the content depends on: where it changes, the content is tried again. */
  of: string;
  fallback(error: unknown): ComponentChildren;
  children: ComponentChildren;
}

interface BoundaryState {
  of: string;
  failure: { error: unknown } | null;
}

/** Keeps the failure of a part of the page to that part. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { of: this.props.of, failure: null };

  static override getDerivedStateFromError(error: unknown): Partial<BoundaryState> {
    return { failure: { error } };
  }

  static override getDerivedStateFromProps({ of }: BoundaryProps, state: BoundaryState) {
    return of === state.of ? null : { of, failure: null };
  }

  override render() {
    const { failure } = this.state;
    return failure ? this.props.fallback(failure.error) : this.props.children;
  }
}
