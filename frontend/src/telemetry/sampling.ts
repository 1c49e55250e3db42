import { type Sampler, SamplingDecision } from "@opentelemetry/sdk-trace";

/** The share of traces to record, from the page's meta tag; 1 without it. */
export function sampledShare(): number {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="trace-sampling"]');
  return meta ? Number(meta.content) : 1;
}

/** Decides by the trace id, with the backend SDK's rule, so that both sides agree. */
export function samplerOf(share: number): Sampler {
  const bound = BigInt(Math.round(share * 2 ** 64));
  return {
    shouldSample: (_, traceId) => ({
      decision:
        BigInt(`0x${traceId.slice(16)}`) < bound
          ? SamplingDecision.RECORD_AND_SAMPLED
          : SamplingDecision.NOT_RECORD,
    }),
    toString: () => `LowHalfOfTraceId{${share}}`,
  };
}
