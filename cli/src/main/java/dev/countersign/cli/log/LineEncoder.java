// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.pattern.TargetLengthBasedClassNameAbbreviator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes each event as one line, in UTC: as text for people, or as a JSON object for programs. */
public final class LineEncoder extends EncoderBase<ILoggingEvent> {
  /** How a line looks. */
  public enum Format {
    TEXT,
    JSON
  }

  private static final byte[] NOTHING = new byte[0];
  private static final int LOGGER_CHARS = 20;
  private static final int MAX_STACK_CHARS = 20_000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final JsonMapper JSON_LINES =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final TargetLengthBasedClassNameAbbreviator abbreviator =
      new TargetLengthBasedClassNameAbbreviator(LOGGER_CHARS);
  private volatile Format format = Format.TEXT;

  public void setFormat(Format format) {
    this.format = format;
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    Object[] values = event.getArgumentArray();
    LogMessage message =
        LogMessage.of(String.valueOf(event.getMessage()), values == null ? new Object[0] : values);
    String line =
        switch (format) {
          case TEXT -> text(event, message);
          case JSON -> json(event, message);
        };
    return (line + "\n").getBytes(UTF_8);
  }

  private String text(ILoggingEvent event, LogMessage message) {
    String line =
        "%s %-5s %s %s"
            .formatted(
                TIME.format(event.getInstant()),
                event.getLevel(),
                abbreviator.abbreviate(event.getLoggerName()),
                message.text());
    IThrowableProxy thrown = event.getThrowableProxy();
    return thrown == null
        ? line
        : line
            + " stack=\""
            + LogText.quoted(ThrowableProxyUtil.asString(thrown), MAX_STACK_CHARS)
            + '"';
  }

  private static String json(ILoggingEvent event, LogMessage message) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", TIME.format(event.getInstant()));
    line.put("level", event.getLevel().toString());
    line.put("logger", event.getLoggerName());
    line.put("thread", event.getThreadName());
    line.put("message", message.text());
    line.put("fields", message.fields());
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      line.put("stack", ThrowableProxyUtil.asString(thrown));
    }
    return JSON_LINES.writeValueAsString(line);
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
