// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server;

import dev.countersign.protocol.x509.Certificates;
import dev.countersign.protocol.x509.ChainVerifier;
import dev.countersign.server.attention.AttentionList;
import dev.countersign.server.attention.ClockAttention;
import dev.countersign.server.attention.DiskAttention;
import dev.countersign.server.attention.ExpiryAttention;
import dev.countersign.server.attention.InstallationAttention;
import dev.countersign.server.attention.OperatorAttention;
import dev.countersign.server.attention.ProcessAttention;
import dev.countersign.server.attention.RelayAttention;
import dev.countersign.server.attention.SilenceAttention;
import dev.countersign.server.audit.AuditEvent;
import dev.countersign.server.audit.AuditTrail;
import dev.countersign.server.audit.JdbcAuditLog;
import dev.countersign.server.console.OperatorApi;
import dev.countersign.server.credentials.ChainJudge;
import dev.countersign.server.credentials.CredentialCache;
import dev.countersign.server.credentials.DeviceAuthenticator;
import dev.countersign.server.credentials.Ladder;
import dev.countersign.server.credentials.OperatorAuthenticator;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.database.SqliteDatabase;
import dev.countersign.server.disk.DiskWatch;
import dev.countersign.server.disk.FreeSpace;
import dev.countersign.server.disk.Room;
import dev.countersign.server.disk.WatchedStore;
import dev.countersign.server.enrolment.Admission;
import dev.countersign.server.enrolment.DeviceIssuer;
import dev.countersign.server.enrolment.Enrolment;
import dev.countersign.server.enrolment.JdbcEnrolmentTokens;
import dev.countersign.server.fleet.BlastRadius;
import dev.countersign.server.fleet.DeviceDirectory;
import dev.countersign.server.fleet.DeviceLifecycle;
import dev.countersign.server.fleet.Provisioning;
import dev.countersign.server.gateway.ConnectionJournal;
import dev.countersign.server.gateway.LastSeen;
import dev.countersign.server.gateway.OpenConnections;
import dev.countersign.server.gateway.http.DeviceApi;
import dev.countersign.server.gateway.http.DeviceGate;
import dev.countersign.server.gateway.http.PlainApi;
import dev.countersign.server.gateway.tlspsk.DevicePreSharedKeys;
import dev.countersign.server.gateway.tlspsk.PskListener;
import dev.countersign.server.http.Handler;
import dev.countersign.server.http.HttpLimits;
import dev.countersign.server.http.HttpListener;
import dev.countersign.server.installation.Authorities;
import dev.countersign.server.installation.DataDirectory;
import dev.countersign.server.installation.Installation;
import dev.countersign.server.installation.ServerCertificate;
import dev.countersign.server.installation.SoundClock;
import dev.countersign.server.journal.JdbcJournalStore;
import dev.countersign.server.journal.Journal;
import dev.countersign.server.ledger.CertificateKind;
import dev.countersign.server.ledger.CertificateSearch;
import dev.countersign.server.ledger.CertificateState;
import dev.countersign.server.ledger.JdbcCertificateLedger;
import dev.countersign.server.ledger.NewCertificate;
import dev.countersign.server.operators.JdbcOperators;
import dev.countersign.server.operators.OperatorAccounts;
import dev.countersign.server.quota.DeviceQuotas;
import dev.countersign.server.quota.FailedAttempts;
import dev.countersign.server.registry.JdbcDevices;
import dev.countersign.server.relay.exchange.ContextBook;
import dev.countersign.server.relay.exchange.JdbcSealedContexts;
import dev.countersign.server.relay.exchange.Resync;
import dev.countersign.server.relay.exchange.SealedExchange;
import dev.countersign.server.relay.exchange.SealedService;
import dev.countersign.server.secrets.JdbcDeviceSecrets;
import dev.countersign.server.secrets.KeyEncryptionKeys;
import dev.countersign.server.secrets.Rewrap;
import dev.countersign.server.secrets.SharedSecrets;
import dev.countersign.server.secrets.WrappedRelaySecrets;
import dev.countersign.server.settings.DeviceSettings;
import dev.countersign.server.settings.JdbcSettingsHistory;
import dev.countersign.server.systemd.InheritedSockets;
import dev.countersign.server.telemetry.ReadingStore;
import dev.countersign.server.telemetry.Retention;
import dev.countersign.server.telemetry.RocksLimits;
import dev.countersign.server.telemetry.RocksReadingStore;
import dev.countersign.server.telemetry.Telemetry;
import dev.countersign.server.timekeeping.ClockWatch;
import dev.countersign.server.tls.ServerCredential;
import dev.countersign.server.tls.ServerTls;
import dev.countersign.server.tls.TlsProvider;
import dev.countersign.server.tls.psk.PskSslContext;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: opens everything in order, and closes it in reverse. Listeners open last and
 * close first, so that nobody is answered by half a server.
 */
public final class Server implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);
  private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(10);
  private static final Duration JOURNAL_INTERVAL = Duration.ofSeconds(1);
  private static final Duration RENEWAL_CHECK = Duration.ofHours(1);
  private static final Duration TICKET_KEY_LIFE = Duration.ofHours(12);
  private static final Duration RETENTION_CHECK = Duration.ofHours(6);
  private static final Duration SIZE_CHECK = Duration.ofMinutes(5);

  /** A disk of 100 MB/s takes a good part of the default reserve in this time, and no more. */
  private static final Duration DISK_CHECK = Duration.ofSeconds(2);

  private static final Duration CLOCK_CHECK = Duration.ofMinutes(1);
  private static final Duration ALIVE_WITHIN = Duration.ofSeconds(10);
  private static final int CHAINS_REMEMBERED = 100_000;

  private final ServerConfig config;
  private final InheritedSockets sockets;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Deque<AutoCloseable> opened;

  private final Installation installation;
  private final SqliteDatabase database;
  private final SharedSecrets secrets;
  private final ContextBook sealedContexts;
  private final RocksReadingStore readings;
  private final ClockWatch clockWatch;
  private final Vertx vertx;
  private final ExecutorService virtualThreads;
  private final ServerTls tls;
  private final ConnectionJournal observer;
  private final HttpListener deviceListener;
  private final HttpListener pskListener;
  private final HttpListener operatorListener;
  private final HttpListener plainListener;
  private volatile ServerCredential credential;

  // Stores that keep nothing but SQL.
  private final JdbcDevices devices = new JdbcDevices();
  private final JdbcDeviceSecrets deviceSecrets = new JdbcDeviceSecrets();
  private final JdbcEnrolmentTokens tokens = new JdbcEnrolmentTokens();
  private final JdbcCertificateLedger ledger = new JdbcCertificateLedger();
  private final JdbcSettingsHistory settingsHistory = new JdbcSettingsHistory();
  private final JdbcOperators operators = new JdbcOperators();
  private final JdbcAuditLog audit = new JdbcAuditLog();

  private Server(
      DataDirectory directory,
      ServerConfig config,
      InheritedSockets sockets,
      Clock machine,
      Deque<AutoCloseable> opened)
      throws IOException {
    this.opened = opened;
    this.sockets = sockets;
    this.config = OpenFiles.fit(config);
    TlsProvider provider = config.tls().choice().resolve();
    this.installation = Installation.open(directory, config.hostnames(), random);
    this.database = keep(SqliteDatabase.open(directory.registry()));
    this.clock = soundClock(machine);
    var keys = KeyEncryptionKeys.load(directory, random);
    this.secrets =
        SharedSecrets.open(
            database, devices, deviceSecrets, keys, config.limits().maxCachedDevices(), random);
    this.credential = currentCredential();
    this.readings = keep(RocksReadingStore.open(directory.readings(), RocksLimits.DEFAULT));
    var disk = watchDisk(directory);
    this.clockWatch = new ClockWatch(directory.clock(), machine, System::nanoTime);
    this.virtualThreads = Executors.newVirtualThreadPerTaskExecutor();
    keep(this::stopWorking);
    this.vertx = openVertx();
    keep(() -> vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS));
    this.tls = new ServerTls(provider, credential, random);
    var maintenance = keep(new Maintenance());

    Authorities authorities = installation.authorities();
    var cache =
        new CredentialCache(database, devices, ledger, secrets, config.limits().maxCachedDevices());
    var telemetry = new Telemetry(readings, database, devices, disk, clock);
    var settings =
        new DeviceSettings(
            database,
            devices,
            settingsHistory,
            audit,
            disk,
            clock,
            config.limits().maxCachedDevices());
    var journal =
        new Journal(
            new Journal.Stores(database, new JdbcJournalStore(), devices, ledger),
            config.journal().limits(),
            clock);
    this.observer = new ConnectionJournal(journal);
    var openConnections = new OpenConnections();
    var lastSeen = new LastSeen(database, devices, clock);
    var directoryOfDevices = new DeviceDirectory(database, devices, tokens, ledger, secrets);
    var certificates = new CertificateSearch(database, ledger);
    var operatorAccounts =
        new OperatorAccounts(database, operators, ledger, audit, authorities.operator(), clock);
    this.sealedContexts =
        new ContextBook(
            database,
            new JdbcSealedContexts(),
            secrets,
            clock,
            random,
            config.limits().maxCachedDevices());
    var relaying =
        Relaying.open(
            database, audit, new WrappedRelaySecrets(keys), config.limits(), clock, random);
    var view = new RunningInstallation(installation, config, disk, readings, clock);

    keep(lastSeen::flush);
    keep(journal::flush);
    var rewrap =
        new Rewrap(
            new Rewrap.Stores(database, devices, deviceSecrets, secrets, audit),
            relaying.accounts()::rewrap,
            keys,
            clock);
    rewrap
        .finish("server")
        .ifPresent(
            done -> log.info("secrets=rewrapped old_key={} count={}", done.oldKey(), done.count()));
    keep(relaying.health()::flushAll);
    Handler devicesApi =
        deviceApi(cache, telemetry, settings, disk, openConnections, lastSeen, journal, relaying);
    HttpLimits deviceLimits = this.config.limits().forDevices();
    this.deviceListener =
        listen(
            DeviceApi.LISTENER,
            config.listeners().devicePort(),
            tls.context(),
            deviceLimits,
            devicesApi);
    this.pskListener =
        listen(
            PskListener.NAME,
            config.listeners().pskPort(),
            new PskSslContext(new DevicePreSharedKeys(secrets), random),
            deviceLimits,
            devicesApi);
    this.operatorListener =
        listen(
            OperatorApi.LISTENER,
            config.listeners().operatorPort(),
            tls.context(),
            this.config.limits().forOperators(),
            OperatorApi.routes(
                judge(List.of(authorities.operator().certificate()), List.of()),
                new OperatorAuthenticator(database, ledger, operators),
                new OperatorApi.Services(
                    new Provisioning(
                        database,
                        devices,
                        tokens,
                        secrets,
                        cache,
                        audit,
                        Certificates.fingerprint(authorities.root()),
                        clock,
                        random),
                    new DeviceLifecycle(
                        new DeviceLifecycle.Stores(
                            database, devices, tokens, ledger, readings, audit),
                        cache,
                        clock,
                        openConnections::closeAll),
                    directoryOfDevices,
                    settings,
                    telemetry,
                    certificates,
                    new AuditTrail(database, audit),
                    journal,
                    operatorAccounts,
                    relaying.accounts(),
                    relaying.health(),
                    rewrap,
                    new BlastRadius(
                        database,
                        devices,
                        ledger,
                        secrets,
                        operators,
                        () -> relaying.accounts().list().size()),
                    new Resync(database, devices, sealedContexts, audit, clock)),
                view,
                authorities.operator().certificate(),
                clock));
    this.plainListener =
        listen(
            "plain-http",
            config.listeners().plainPort(),
            null,
            this.config.limits().forPlain(),
            PlainApi.routes(authorities.certificates()));
    sockets.requireAllTaken();
    OpenFiles.tell(config, this.config);
    view.running(
        this,
        new Metrics(
            listeners(),
            openConnections,
            directoryOfDevices,
            journal,
            relaying.health(),
            disk,
            readings),
        new AttentionList(
            List.of(
                new DiskAttention(disk),
                new ClockAttention(clockWatch),
                new ExpiryAttention(
                    authorities.certificates(),
                    () -> certificate().getNotAfter().toInstant(),
                    certificates,
                    clock),
                new OperatorAttention(operatorAccounts, clock),
                new SilenceAttention(directoryOfDevices, clock),
                new RelayAttention(relaying.health()),
                ProcessAttention.ofThisProcess(),
                new InstallationAttention(
                    directory.offlineRootKey(), config.privateEnterpriseNumber()))));
    maintenance.every(CLOCK_CHECK, "clock", clockWatch::check);
    maintenance.every(DISK_CHECK, "disk", disk::check);
    maintenance.every(FLUSH_INTERVAL, "last-seen", lastSeen::flush);
    maintenance.every(JOURNAL_INTERVAL, "journal", journal::flush);
    maintenance.every(JOURNAL_INTERVAL, "relay-health", relaying.health()::flush);
    maintenance.every(RETENTION_CHECK, "journal-retention", journal::trim);
    maintenance.every(RENEWAL_CHECK, "server-certificate", this::renewServerCertificate);
    maintenance.every(
        ReadingStore.ANSWERS_KEPT,
        "answers",
        () -> readings.deleteAnswersBefore(clock.instant().minus(ReadingStore.ANSWERS_KEPT)));
    maintenance.every(TICKET_KEY_LIFE, "ticket-keys", tls::rotateTicketKeys);
    var retention =
        new Retention(
            readings,
            Duration.ofDays(config.readings().retentionDays()),
            config.readings().maxBytes(),
            clockWatch::isTrusted,
            clock);
    // On a thread of its own: what takes minutes must not keep the watch from looking at the disk.
    var upkeep = keep(new Maintenance());
    upkeep.every(RETENTION_CHECK, "retention", retention::deleteOld);
    upkeep.every(SIZE_CHECK, "readings-size", retention::limitSize);
  }

  /**
   * Opens an installation and answers on its ports.
   *
   * @throws IOException if something stands in the way; one line with what to do. Nothing stays
   *     open
   */
  public static Server start(DataDirectory directory, ServerConfig config, Clock clock)
      throws IOException {
    return start(directory, config, InheritedSockets.NONE, clock);
  }

  /**
   * Opens an installation and answers on its ports.
   *
   * @param sockets taken for those ports that they are on
   * @throws IOException if something stands in the way; one line with what to do. Nothing stays
   *     open
   */
  public static Server start(
      DataDirectory directory, ServerConfig config, InheritedSockets sockets, Clock clock)
      throws IOException {
    var opened = new ArrayDeque<AutoCloseable>();
    try {
      return new Server(directory, config, sockets, clock, opened);
    } catch (IOException | RuntimeException e) {
      closeAll(opened);
      throw e;
    }
  }

  private Vertx openVertx() {
    var builder = Vertx.builder().with(vertxOptions());
    sockets.transport().ifPresent(builder::withTransport);
    return builder.build();
  }

  /** No cache of files in the temporary directory: we serve none, and a crash would leave it. */
  private static VertxOptions vertxOptions() {
    return new VertxOptions()
        .setUseDaemonThread(true)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  /** What it finds before the first listener opens holds from the first request on. */
  private DiskWatch watchDisk(DataDirectory directory) {
    var watch =
        new DiskWatch(
            config.disk().limits(),
            Map.of("data", directory.path(), "readings", directory.readings()),
            List.of(
                new WatchedStore("registry", database::failure, database::tryAgain),
                new WatchedStore("readings", readings::failure, readings::tryAgain)),
            FreeSpace::of);
    watch.check();
    return watch;
  }

  private <T extends AutoCloseable> T keep(T resource) {
    opened.push(resource);
    return resource;
  }

  private Handler deviceApi(
      CredentialCache cache,
      Telemetry telemetry,
      DeviceSettings settings,
      Room room,
      OpenConnections openConnections,
      LastSeen lastSeen,
      Journal journal,
      Relaying relaying) {
    Authorities authorities = installation.authorities();
    Limits limits = config.limits();
    var ladder = new Ladder(database, devices, secrets, cache, audit, config::needsRelay, clock);
    var authenticator =
        new DeviceAuthenticator(cache, database, devices, ladder, ledger, audit, clock);
    var quotas =
        new DeviceQuotas(
            limits.quota().requestsPerMinute(),
            limits.quota().burst(),
            limits.quota().bytesPerDay(),
            limits.maxCachedDevices(),
            System::nanoTime);
    var gate =
        new DeviceGate(
            judge(List.of(authorities.root()), List.of(authorities.device().certificate())),
            authenticator,
            openConnections,
            lastSeen,
            quotas,
            journal,
            clock);
    var admission = new Admission(database, devices, tokens, audit, clock, virtualThreads);
    var issuer =
        new DeviceIssuer(
            Authorities.DEVICE,
            authorities.device(),
            config.organization(),
            config.privateEnterpriseNumber());
    var enrolment =
        new Enrolment(
            admission,
            new Enrolment.Stores(database, devices, tokens, ledger, audit),
            cache,
            issuer,
            room,
            clock);
    var sealed =
        SealedService.open(
            database,
            secrets,
            sealedContexts,
            new SealedService.Features(
                settings, enrolment, authorities.deviceTrust(), room, config::requiresFresh),
            new SealedExchange.Surroundings(
                authenticator, readings, quotas, lastSeen::note, journal, clock, virtualThreads),
            random,
            limits.maxCachedDevices());
    return DeviceApi.routes(
        gate,
        new DeviceApi.Features(
            admission,
            enrolment,
            new FailedAttempts(
                limits.enrolment().maxFailuresPerAddress(),
                Duration.ofSeconds(limits.enrolment().windowSeconds()),
                System::nanoTime),
            telemetry,
            settings,
            limits.maxWaiting(),
            relaying.sealed(sealed, limits.relays())),
        journal,
        authorities.deviceTrust(),
        clock,
        virtualThreads);
  }

  private ChainJudge judge(List<X509Certificate> anchors, List<X509Certificate> through) {
    return new ChainJudge(ChainVerifier.through(anchors, through), clock, CHAINS_REMEMBERED);
  }

  private HttpListener listen(
      String name, int port, @Nullable SslContext context, HttpLimits limits, Handler handler)
      throws IOException {
    return keep(
        HttpListener.open(
            vertx,
            new HttpListener.Setup(
                new HttpListener.Where(
                    name, config.listeners().address(), sockets.next(name, port)),
                context,
                limits,
                observer),
            virtualThreads,
            handler));
  }

  /** What happened here last has certainly passed. */
  private Clock soundClock(Clock machine) {
    Optional<Instant> last = database.read(audit::lastAt);
    SoundClock sound = SoundClock.of(machine, last.orElse(Instant.EPOCH));
    if (!sound.isMachineSound()) {
      log.warn(
          "clock=wrong machine={} going_on_from={} remedy=\"set the clock of this machine\"",
          machine.instant(),
          sound.instant());
    }
    return sound;
  }

  /** What is on disk, or a new one if that was lost or has come of age. */
  private ServerCredential currentCredential() throws IOException {
    if (!installation.serverCertificate().exists()) {
      return newCredential();
    }
    ServerCredential found = installation.serverCertificate().load();
    if (!ServerCertificate.isDue(found, clock.instant())) {
      return found;
    }
    try {
      return newCredential();
    } catch (IOException | DatabaseException e) {
      if (!clock.instant().isBefore(found.leaf().getNotAfter().toInstant())) {
        throw e;
      }
      // A third of its life is left, in which it is tried again every hour.
      log.error("server_certificate=not_renewed cause={}", e.toString());
      return found;
    }
  }

  /** Gives the server a new key and certificate if it is time; connections stay open. */
  void renewServerCertificate() throws IOException {
    if (ServerCertificate.isDue(credential, clock.instant())) {
      credential = newCredential();
      tls.replace(credential);
    }
  }

  /** In the ledger first: what the server shows is always known there. */
  private ServerCredential newCredential() throws IOException {
    Instant now = clock.instant();
    ServerCredential fresh = installation.serverCertificate().issue(now);
    X509Certificate leaf = fresh.leaf();
    database.write(tx -> {
      var entry =
          new NewCertificate(CertificateKind.SERVER, "server", leaf, now, Authorities.SERVER);
      ledger.activate(tx, ledger.add(tx, entry, CertificateState.ISSUED).id());
      audit.append(
          tx,
          now,
          "server",
          new AuditEvent.ServerCertificateRenewed(
              Certificates.fingerprint(leaf), leaf.getNotAfter().toInstant()));
      return null;
    });
    installation.serverCertificate().store(fresh);
    log.info(
        "server_certificate=renewed sha256={} ends={}",
        Certificates.fingerprint(leaf).hex(),
        leaf.getNotAfter().toInstant());
    return fresh;
  }

  /** Device, operator, plain and PSK listener, in this order. */
  public List<HttpListener> listeners() {
    return List.of(deviceListener, operatorListener, plainListener, pskListener);
  }

  public TlsProvider tlsProvider() {
    return tls.provider();
  }

  /** What the server shows on its TLS ports now. */
  public X509Certificate certificate() {
    return credential.leaf();
  }

  public Installation installation() {
    return installation;
  }

  /**
   * Whether it still does what it is there for: its threads come round, and the registry can be
   * read. Waits for some seconds at most.
   */
  public boolean isAlive() {
    var round = new CompletableFuture<Boolean>();
    vertx.runOnContext(nothing -> round.complete(true));
    try {
      return round.get(ALIVE_WITHIN.toSeconds(), TimeUnit.SECONDS)
          && database.<Boolean, RuntimeException>read(tx -> true);
    } catch (ExecutionException | TimeoutException | DatabaseException e) {
      log.error("alive=false cause={}", e.toString());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void stopWorking() throws InterruptedException {
    virtualThreads.shutdown();
    if (!virtualThreads.awaitTermination(10, TimeUnit.SECONDS)) {
      virtualThreads.shutdownNow();
    }
  }

  /** Lets requests that are under way finish, then closes all in reverse. */
  @Override
  public void close() {
    closeAll(opened);
  }

  private static void closeAll(Deque<AutoCloseable> opened) {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        log.warn("close_failed={}", e.toString());
      }
    }
  }
}
