//! Sends one trace to the endpoint of OpenTelemetry's own variables, and fails if it is not taken.

use std::error::Error;
use std::thread::sleep;
use std::time::Duration;

use opentelemetry::trace::{
    Link, Span, SpanBuilder, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags,
    TraceId, TraceState, Tracer, TracerProvider,
};
use opentelemetry::{Array, Context, InstrumentationScope, KeyValue, StringValue, Value};
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use opentelemetry_sdk::Resource;

const SCHEMA: &str = "https://opentelemetry.io/schemas/1.37.0";

fn main() -> Result<(), Box<dyn Error>> {
    let exporter = SpanExporter::builder().build()?;
    let place = [KeyValue::new("deployment.environment.name", "test")];
    let provider = SdkTracerProvider::builder()
        .with_resource(Resource::builder().with_schema_url(place, SCHEMA).build())
        .with_batch_exporter(exporter)
        .build();
    let scope = InstrumentationScope::builder("shop")
        .with_version("1.2.0")
        .with_schema_url(SCHEMA)
        .with_attributes([KeyValue::new("team", "books")])
        .build();
    checkout(&provider.tracer_with_scope(scope));
    // The shutdown exports too, but does not say whether it could.
    provider.force_flush()?;
    provider.shutdown()?;
    Ok(())
}

fn checkout(tracer: &SdkTracer) {
    let earlier = SpanContext::new(
        TraceId::from(0x5b8e_fff7_9803_8103_d269_b633_813f_c60c),
        SpanId::from(0xeee1_9b7e_c3c1_b174),
        TraceFlags::SAMPLED,
        true,
        TraceState::from_key_value([("vendor", "a"), ("other", "b")]).unwrap(),
    );
    let amounts = vec![1.5, -0.25, 1e300];
    let tags = vec![StringValue::from("новое"), StringValue::from("新しい 📚")];
    let server = tracer
        .span_builder("POST /checkout")
        .with_kind(SpanKind::Server)
        .with_links(vec![Link::new(earlier, vec![KeyValue::new("reason", "retry")], 0)])
        .with_attributes([
            KeyValue::new("shop.express", true),
            KeyValue::new("shop.items", i64::MAX),
            KeyValue::new("shop.amounts", Value::Array(Array::F64(amounts))),
            KeyValue::new("shop.tags", Value::Array(Array::String(tags))),
        ]);
    let root = Context::new().with_span(server.start_with_context(tracer, &Context::new()));

    let mut stock = started(tracer, "reserve stock", SpanKind::Internal, &root);
    stock.add_event("stock.reserved", vec![KeyValue::new("shop.left", 3)]);
    stock.set_status(Status::Ok);
    stock.end();

    let mut payment = started(tracer, "POST /pay", SpanKind::Client, &root);
    payment.set_attribute(KeyValue::new("error.type", "declined"));
    payment.set_status(Status::error("the card was declined"));
    payment.end();

    started(tracer, "orders publish", SpanKind::Producer, &root).end();
    started(tracer, "orders process", SpanKind::Consumer, &root).end();
    root.span().end();
}

fn started(
    tracer: &SdkTracer,
    name: &'static str,
    kind: SpanKind,
    parent: &Context,
) -> <SdkTracer as Tracer>::Span {
    let builder: SpanBuilder = tracer.span_builder(name).with_kind(kind);
    // Rows stand in the order of their starts: each span starts later than the one before.
    sleep(Duration::from_millis(2));
    builder.start_with_context(tracer, parent)
}
