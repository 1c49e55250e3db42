// A shop that asks itself over HTTP. Node's auto-instrumentation traces the requests.
const http = require("node:http");
const { SpanKind, SpanStatusCode, TraceFlags, trace } = require("@opentelemetry/api");

const tracer = trace.getTracer("shop", "1.2.0", {
  schemaUrl: "https://opentelemetry.io/schemas/1.37.0",
});
const earlier = {
  traceId: "5b8efff798038103d269b633813fc60c",
  spanId: "eee19b7ec3c1b174",
  traceFlags: TraceFlags.SAMPLED,
};

function reserve() {
  const options = {
    kind: SpanKind.INTERNAL,
    attributes: {
      "shop.express": true,
      "shop.items": 3,
      "shop.weight": 0.25,
      "shop.tags": ["новое", "新しい 📚"],
    },
    links: [{ context: earlier, attributes: { reason: "retry" } }],
  };
  tracer.startActiveSpan("reserve stock", options, (span) => {
    span.addEvent("stock.counted", { "shop.left": 0 });
    span.recordException(new Error("Moby Dick is sold out"));
    span.setStatus({ code: SpanStatusCode.ERROR, message: "sold out" });
    span.end();
  });
}

async function get(port, path) {
  await new Promise((done, failed) => {
    const request = http.get({ host: "127.0.0.1", port, path, agent: false }, (answer) => {
      answer.on("end", done).resume();
    });
    request.on("error", failed);
  });
}

const server = http.createServer(async (request, response) => {
  if (request.url === "/checkout") {
    reserve();
    await get(server.address().port, "/pay");
  } else {
    response.statusCode = 500;
  }
  response.end();
});

server.listen(0, "127.0.0.1", async () => {
  await get(server.address().port, "/checkout");
  server.close();
});
