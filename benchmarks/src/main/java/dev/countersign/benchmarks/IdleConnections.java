// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import static io.netty.channel.ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Opens connections with client certificates, makes one request on each, and keeps them open; tells
 * how much the server's resident memory has grown on the way. From several loopback addresses,
 * since one has only so many ports.
 *
 * <p>Arguments: the server's port, its process id, the directory of the identities, the file with
 * the request, the status it is answered with, and connections to be open at each measurement, in
 * rising order.
 */
public final class IdleConnections {
  /** Below the usual range of local ports, 28 000, and what the product takes from one address. */
  private static final int PER_ADDRESS = 9_000;

  /** Handshakes under way at a time. */
  private static final int AT_A_TIME = 32;

  private static final int SETTLING_SECONDS = 5;

  private final int port;
  private final ByteBuf request;
  private final int status;
  private final List<SslContext> identities = new ArrayList<>();
  private final Bootstrap bootstrap;
  private final Semaphore free = new Semaphore(AT_A_TIME);
  private final AtomicInteger lost = new AtomicInteger();
  private final CompletableFuture<Void> failed = new CompletableFuture<>();
  private int opened;

  private IdleConnections(
      int port, Path identities, byte[] request, int status, MultiThreadIoEventLoopGroup loop)
      throws IOException {
    this.port = port;
    this.request = Unpooled.directBuffer().writeBytes(request).asReadOnly();
    this.status = status;
    var trust = new PinningTrustManager();
    try (var files = Files.newDirectoryStream(identities, "*.pem")) {
      for (Path certificate : files) {
        this.identities.add(
            SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .protocols("TLSv1.3")
                .keyManager(certificate.toFile(), LoadOptions.keyOf(certificate).toFile())
                .trustManager(trust)
                .endpointIdentificationAlgorithm(null)
                .build());
      }
    }
    this.bootstrap =
        new Bootstrap().group(loop).channel(NioSocketChannel.class).handler(new Initializer());
  }

  public static void main(String[] args) throws Exception {
    Path process = Path.of("/proc", args[1], "status");
    try (var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())) {
      var client =
          new IdleConnections(
              Integer.parseInt(args[0]),
              Path.of(args[2]),
              Files.readAllBytes(Path.of(args[3])),
              Integer.parseInt(args[4]),
              loop);
      long before = residentKib(process);
      System.out.printf("connections=0 resident_kib=%d%n", before);
      for (int i = 5; i < args.length; i++) {
        client.open(Integer.parseInt(args[i]));
        TimeUnit.SECONDS.sleep(SETTLING_SECONDS);
        long now = residentKib(process);
        System.out.printf(
            "connections=%d resident_kib=%d kib_per_connection=%.1f lost=%d%n",
            client.opened, now, (double) (now - before) / client.opened, client.lost.get());
      }
    }
    System.exit(0);
  }

  private static long residentKib(Path process) throws IOException {
    for (String line : Files.readAllLines(process)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException(process + " has no VmRSS");
  }

  private void open(int connections) throws Exception {
    while (opened < connections) {
      free.acquire();
      if (failed.isDone()) {
        failed.get();
      }
      byte[] address = {127, 0, 0, (byte) (2 + opened / PER_ADDRESS)};
      var from = new InetSocketAddress(InetAddress.getByAddress(address), 0);
      opened++;
      bootstrap
          .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), from)
          .addListener(connected -> {
            if (!connected.isSuccess()) {
              fail(connected.cause());
            }
          });
    }
    free.acquire(AT_A_TIME);
    free.release(AT_A_TIME);
  }

  private void fail(Throwable cause) {
    failed.completeExceptionally(cause);
    free.release();
  }

  private final class Initializer extends ChannelInitializer<Channel> {
    private int next;

    @Override
    protected void initChannel(Channel channel) {
      SslContext identity = identities.get(next++ % identities.size());
      channel
          .pipeline()
          .addLast(identity.newHandler(channel.alloc()), new AnswerDecoder(), new OneRequest());
    }
  }

  private final class OneRequest extends SimpleChannelInboundHandler<Integer> {
    private boolean answered;

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess()) {
          context.writeAndFlush(request.retainedDuplicate()).addListener(FIRE_EXCEPTION_ON_FAILURE);
        } else {
          fail(handshake.cause());
        }
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Integer answer) {
      if (answer == status) {
        answered = true;
        free.release();
      } else {
        fail(new IOException("expected " + status + ", got " + answer));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (answered) {
        lost.incrementAndGet();
      } else {
        fail(new IOException("the server closed a connection"));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      fail(cause);
    }
  }
}
