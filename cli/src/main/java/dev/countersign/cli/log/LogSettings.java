// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import dev.countersign.server.ServerConfig;
import java.util.Locale;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Applies what an operator configured to the log of this process. */
public final class LogSettings {
  private static final String OWN = "dev.countersign";

  private LogSettings() {}

  /**
   * What the environment says, else what the configuration does.
   *
   * @throws IllegalArgumentException naming the variable that is wrong
   */
  public static ServerConfig.Log effective(
      ServerConfig.Log configured, Map<String, String> environment) {
    try {
      return new ServerConfig.Log(
          environment.getOrDefault("COUNTERSIGN_LOG_LEVEL", configured.level()),
          environment.getOrDefault("COUNTERSIGN_LOG_FORMAT", configured.format()),
          configured.linesPerSecond());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "COUNTERSIGN_LOG_LEVEL or COUNTERSIGN_LOG_FORMAT: " + e.getMessage(), e);
    }
  }

  /** Makes it so, unless the log was configured by a file of its own. */
  public static void apply(ServerConfig.Log log) {
    if (System.getProperty("logback.configurationFile") != null
        || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    context.getLogger(OWN).setLevel(Level.toLevel(log.level()));
    for (TurboFilter filter : context.getTurboFilterList()) {
      if (filter instanceof RepeatFilter repeat) {
        repeat.setLinesPerSecond(log.linesPerSecond());
      }
    }
    var appenders = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
    while (appenders.hasNext()) {
      apply(log, appenders.next());
    }
  }

  private static void apply(ServerConfig.Log log, Appender<ILoggingEvent> appender) {
    if (appender instanceof ConsoleAppender<ILoggingEvent> console
        && console.getEncoder() instanceof LineEncoder lines) {
      lines.setFormat(LineEncoder.Format.valueOf(log.format().toUpperCase(Locale.ROOT)));
    }
  }
}
