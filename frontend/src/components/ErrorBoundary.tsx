import { Component, type ComponentChildren } from "preact";

interface ErrorBoundaryProps {
  /** When this changes, the content is rendered again after a failure. */
  resetKey: string;
  fallback(error: unknown): ComponentChildren;
  children: ComponentChildren;
}

interface ErrorBoundaryState {
  resetKey: string;
  failure: { error: unknown } | null;
}

/** Shows a fallback in place of content that fails to render. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { resetKey: this.props.resetKey, failure: null };

  static override getDerivedStateFromError(error: unknown): Partial<ErrorBoundaryState> {
    return { failure: { error } };
  }

  static override getDerivedStateFromProps(
    { resetKey }: ErrorBoundaryProps,
    state: ErrorBoundaryState,
  ) {
    return resetKey === state.resetKey ? null : { resetKey, failure: null };
  }

  override render() {
    const { failure } = this.state;
    return failure ? this.props.fallback(failure.error) : this.props.children;
  }
}
