import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.instrumentation.annotations.SpanAttribute;
import io.opentelemetry.instrumentation.annotations.WithSpan;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A shop that asks itself over HTTP and answers one request with an error; the agent traces it. */
public final class Shop {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static int port;

  public static void main(String[] arguments) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    ExecutorService threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext("/checkout", Shop::checkOut);
    server.createContext("/pay", exchange -> answer(exchange, 500));
    server.start();
    port = server.getAddress().getPort();
    get("/checkout");
    // A handler's span ends after its answer has been read.
    server.stop(1);
    threads.shutdown();
    threads.awaitTermination(1, TimeUnit.MINUTES);
  }

  private static void checkOut(HttpExchange exchange) throws IOException {
    try {
      reserve("Moby Dick", 3);
    } catch (IllegalStateException soldOut) {
      get("/pay");
    }
    answer(exchange, 200);
  }

  @WithSpan
  static void reserve(@SpanAttribute("shop.title") String title, @SpanAttribute("shop.items") int items) {
    throw new IllegalStateException(title + " is sold out");
  }

  private static int get(String path) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    try {
      return CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
    } catch (InterruptedException error) {
      throw new IOException(error);
    }
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }
}
