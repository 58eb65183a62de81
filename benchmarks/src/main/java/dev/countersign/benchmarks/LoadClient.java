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
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Sends one request over and over, over mutual TLS 1.3, and says what an operation cost the server
 * in CPU time. The same for every server, so that two can be compared. Or sealed messages, over TLS
 * without a certificate, each another.
 *
 * <p>One thread. Any answer but the expected one, a connection that breaks, and a resumed session
 * end the run with an error: a figure is printed only for what was really done.
 */
public final class LoadClient {
  /** A first handshake per identity, and now and then one whose ticket came too late. */
  private static final int MIN_RESUMED_PER_FULL = 20;

  private final LoadOptions options;
  private final PinningTrustManager trust = new PinningTrustManager();
  private final List<SslContext> identities = new ArrayList<>();
  private final ByteBuf request;
  private final Queue<SealedConversation> sealed;
  private final LoadCounts counts;
  private final Bootstrap bootstrap;
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  private LoadClient(LoadOptions options, EventLoopGroup loop) throws IOException {
    this.options = options;
    this.counts = new LoadCounts(options);
    this.request = Unpooled.directBuffer().writeBytes(options.request()).asReadOnly();
    this.sealed =
        options.sealed().isEmpty()
            ? new ArrayDeque<>()
            : new ArrayDeque<>(
                SealedConversation.read(
                    options.sealed().get(), options.get(), Clock.systemUTC().instant()));
    if (options.sealed().isPresent()) {
      identities.add(
          SslContextBuilder.forClient()
              .sslProvider(provider(options))
              .protocols("TLSv1.3")
              .trustManager(trust)
              .endpointIdentificationAlgorithm(null)
              .build());
    }
    for (Path certificate : options.identities()) {
      identities.add(
          SslContextBuilder.forClient()
              .sslProvider(provider(options))
              .protocols("TLSv1.3")
              .keyManager(certificate.toFile(), LoadOptions.keyOf(certificate).toFile())
              .trustManager(trust)
              // the server's name was settled with its certificate, see PinningTrustManager
              .endpointIdentificationAlgorithm(null)
              .build());
    }
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .remoteAddress("127.0.0.1", options.port())
            .handler(new Initializer());
  }

  /**
   * Netty's client over BoringSSL resumes no session; the JDK's does, and costs only the client.
   */
  private static SslProvider provider(LoadOptions options) {
    return OpenSsl.isAvailable() && !options.resumes() ? SslProvider.OPENSSL : SslProvider.JDK;
  }

  /** See {@link LoadOptions} for the arguments. */
  public static void main(String[] arguments) throws Exception {
    LoadOptions options = LoadOptions.parse(arguments);
    try (var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())) {
      var client = new LoadClient(options, loop);
      System.out.println(client.run());
    } catch (ExecutionException e) {
      System.err.println("✘ " + e.getCause());
      System.exit(1);
    }
  }

  private String run() throws ExecutionException, InterruptedException {
    for (int i = 0; i < options.connections(); i++) {
      connect();
    }
    try {
      done.get();
    } finally {
      open.close().awaitUninterruptibly();
    }
    // Connections of the last moment may not have come to their handshake.
    boolean asExpected =
        options.resumes()
            ? trust.fullHandshakes() <= counts.connections() / MIN_RESUMED_PER_FULL
            : trust.fullHandshakes() >= counts.connections();
    if (!asExpected) {
      throw new ExecutionException(
          new IllegalStateException(
              "expected "
                  + (options.resumes() ? "hardly any" : "only")
                  + " full handshakes, got "
                  + trust.fullHandshakes()
                  + " on "
                  + counts.connections()
                  + " connections"));
    }
    return counts.report(trust.fullHandshakes());
  }

  private void connect() {
    bootstrap
        .connect()
        .addListener(connected -> {
          if (!connected.isSuccess()) {
            fail(connected.cause());
          }
        });
  }

  private void fail(Throwable cause) {
    done.completeExceptionally(cause);
  }

  private final class Initializer extends ChannelInitializer<Channel> {
    private int next;

    @Override
    protected void initChannel(Channel channel) {
      open.add(channel);
      SslContext identity = identities.get(next++ % identities.size());
      // Without a peer's name the client has no key to find a session to resume by.
      var tls =
          options.resumes()
              ? identity.newHandler(channel.alloc(), "localhost", options.port())
              : identity.newHandler(channel.alloc());
      channel.pipeline().addLast(tls, new AnswerDecoder(), new Exchange(conversation()));
    }

    /** A device is on one connection, since its requests have to come in order. */
    private Conversation conversation() {
      return options.sealed().isPresent()
          ? sealed.remove()
          : new Conversation.Repeated(request, options.status());
    }
  }

  /** What goes on on one connection. */
  private final class Exchange extends SimpleChannelInboundHandler<HttpAnswer> {
    private final Conversation conversation;
    private long beganNanos;
    private boolean closing;

    Exchange(Conversation conversation) {
      this.conversation = conversation;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      beganNanos = System.nanoTime();
      context.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (!handshake.isSuccess()) {
          fail(handshake.cause());
          return;
        }
        counts.connected();
        send(context);
      }
    }

    private void send(ChannelHandlerContext context) {
      if (!options.reconnects()) {
        beganNanos = System.nanoTime();
      }
      context.writeAndFlush(conversation.next()).addListener(FIRE_EXCEPTION_ON_FAILURE);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpAnswer answer) throws Exception {
      conversation.answered(answer);
      if (counts.completed(beganNanos)) {
        done.complete(null);
      }
      if (done.isDone()) {
        return;
      }
      if (options.reconnects()) {
        closing = true;
        context.close().addListener(FIRE_EXCEPTION_ON_FAILURE);
        connect();
      } else {
        send(context);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (!closing && !done.isDone()) {
        fail(new IOException("the server closed a connection"));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      fail(cause);
    }
  }
}
