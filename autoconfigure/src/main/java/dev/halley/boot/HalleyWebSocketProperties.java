/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.boot;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

import dev.halley.Overflow;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.ReceiveLimit;
import dev.halley.web.WebSocketSettings;
import dev.halley.websocket.engine.EngineSettings;

/**
 * Configuration of WebSockets.
 * <p>
 * Values that cannot work, zero and negative ones among them, stop the application at its
 * start.
 *
 * @param enabled Whether WebSockets are served.
 * @param engine What runs the WebSocket protocol: the native engine, which runs on
 * Tomcat, or the container's WebSocket. By default the native one where it runs.
 * @param allowedOrigins Origins whose pages may connect, besides the application's own:
 * such as 'https://example.org' or 'https://*.example.org:*', or '*' for all. A mapping
 * can name others.
 * @param maxMessageSize Largest message that is taken. A larger one closes the connection
 * with 1009. A mapping can name another size.
 * @param idleTimeout Time after which a peer that sends nothing, no message and no pong,
 * gets 1001. It is met only where 'ping-interval' and 'pong-timeout' together are longer:
 * otherwise peers answer pings, which counts, or are dropped before. Does not run while a
 * message is handled or a write is under way. Longer than 'ping-interval', or else peers
 * that answer every ping would get it.
 * @param pingInterval Time between two pings.
 * @param pongTimeout Time within which a ping must be answered, or else the connection is
 * dropped.
 * @param closeTimeout Time within which the peer must answer a Close, or else the
 * connection is dropped.
 * @param sendTimeout Time after which a write that makes no progress ends the connection.
 * @param receiveLimit How much a client may send.
 * @param sendBuffer What may wait for a peer that reads slowly.
 * @param overflow What happens when a source that does not wait, such as a hub, meets a
 * full send buffer. A mapping can name another strategy.
 * @param compression Compression of messages (permessage-deflate) by the native engine.
 * @param io What carries WebSockets of the native engine, and streams: event loops of
 * Halley's own, to which connections leave Tomcat after the handshake or the head of a
 * stream, or Tomcat's connections. By default the loops where connections can leave.
 * @param loops Number of event loops. By default one for each processor.
 * @param tomcatSocketBuffer Size of the two buffers that Tomcat keeps for each socket,
 * for WebSockets and HTTP alike. Tomcat's own default is 8KB. Smaller ones save memory
 * where many connections are idle, and cost system calls for large bodies of requests and
 * responses. From 256B to 16MB.
 * @since 0.1
 */
@ConfigurationProperties("halley.websocket")
public record HalleyWebSocketProperties(@DefaultValue("true") boolean enabled, @DefaultValue("auto") Engine engine,
		@DefaultValue List<String> allowedOrigins, @DefaultValue("64KB") DataSize maxMessageSize,
		@DefaultValue("5m") Duration idleTimeout, @DefaultValue("30s") Duration pingInterval,
		@DefaultValue("10s") Duration pongTimeout, @DefaultValue("3s") Duration closeTimeout,
		@DefaultValue("10s") Duration sendTimeout, @DefaultValue ReceiveLimits receiveLimit,
		@DefaultValue SendBuffer sendBuffer, @DefaultValue("close") Overflow overflow,
		@DefaultValue Compression compression, @DefaultValue("auto") Io io, @Nullable Integer loops,
		@Nullable DataSize tomcatSocketBuffer) {

	private static final String PREFIX = "halley.websocket.";

	/** Tomcat takes any size, but makes a system call for each time that one is full. */
	private static final DataSize LEAST_SOCKET_BUFFER = DataSize.ofBytes(256);

	private static final DataSize LARGEST_SOCKET_BUFFER = DataSize.ofMegabytes(16);

	WebSocketSettings toSettings() {
		ConnectionSettings settings = toConnectionSettings();
		try {
			return new WebSocketSettings(this.allowedOrigins, settings);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + "allowed-origins", this.allowedOrigins,
					String.valueOf(ex.getMessage()));
		}
	}

	private ConnectionSettings toConnectionSettings() {
		return new ConnectionSettings(PropertyChecks.count(PREFIX + "send-buffer.messages", this.sendBuffer.messages),
				PropertyChecks.size(PREFIX + "send-buffer.size", this.sendBuffer.size), this.overflow,
				PropertyChecks.size(PREFIX + "max-message-size", this.maxMessageSize), checkedIdleTimeout(),
				PropertyChecks.time(PREFIX + "ping-interval", this.pingInterval),
				PropertyChecks.time(PREFIX + "pong-timeout", this.pongTimeout),
				PropertyChecks.time(PREFIX + "close-timeout", this.closeTimeout),
				PropertyChecks.time(PREFIX + "send-timeout", this.sendTimeout), this.receiveLimit.checked());
	}

	/** A peer that is silent is heard when it answers a ping, and not before. */
	private Duration checkedIdleTimeout() {
		Duration valid = PropertyChecks.time(PREFIX + "idle-timeout", this.idleTimeout);
		return PropertyChecks.longerThan(PREFIX + "ping-interval", this.pingInterval, PREFIX + "idle-timeout", valid,
				"or else peers that answer every ping would be closed");
	}

	EngineSettings toEngineSettings(ConnectionSettings settings) {
		return new EngineSettings(settings, this.compression.enabled,
				PropertyChecks.sizeOrZero(PREFIX + "compression.threshold", this.compression.threshold));
	}

	int checkedLoops() {
		return (this.loops != null) ? PropertyChecks.count(PREFIX + "loops", this.loops)
				: Runtime.getRuntime().availableProcessors();
	}

	/** The size in bytes, or 0 to leave Tomcat's own. */
	int tomcatSocketBufferBytes() {
		return (this.tomcatSocketBuffer != null) ? PropertyChecks.size(PREFIX + "tomcat-socket-buffer",
				this.tomcatSocketBuffer, LEAST_SOCKET_BUFFER, LARGEST_SOCKET_BUFFER) : 0;
	}

	/**
	 * What runs the WebSocket protocol.
	 */
	public enum Engine {

		/**
		 * The native engine where it runs, the container's WebSocket elsewhere.
		 */
		AUTO,

		/**
		 * Halley's own engine, which runs on Tomcat. On other servers the application
		 * does not start.
		 */
		NATIVE,

		/**
		 * The WebSocket of the servlet container.
		 */
		CONTAINER

	}

	/**
	 * What carries the native engine's WebSockets.
	 */
	public enum Io {

		/**
		 * Event loops where connections can leave Tomcat, its own connections elsewhere.
		 */
		AUTO,

		/**
		 * Event loops. Where connections cannot leave Tomcat, the application does not
		 * start.
		 */
		LOOPS,

		/**
		 * Tomcat's connections.
		 */
		CONTAINER

	}

	/**
	 * How much a client may send each second. What a second has left is kept for later,
	 * as much as one second has.
	 *
	 * @param messagesPerSecond Most messages that a client may send each second; pings do
	 * not count. A faster one is held up. No limit by default, and with zero. A mapping
	 * can name another number.
	 * @param bytesPerSecond Most bytes of messages that a client may send each second. A
	 * faster one is held up. No limit by default, and with zero. A mapping can name
	 * another size.
	 * @param patience Time for which a client may exceed these limits without falling
	 * behind them by half a second. Then it gets 1008.
	 */
	public record ReceiveLimits(@DefaultValue("0") int messagesPerSecond, @DefaultValue("0B") DataSize bytesPerSecond,
			@DefaultValue("10s") Duration patience) {

		private static final String PREFIX = HalleyWebSocketProperties.PREFIX + "receive-limit.";

		ReceiveLimit checked() {
			return new ReceiveLimit(PropertyChecks.countOrZero(PREFIX + "messages-per-second", this.messagesPerSecond),
					PropertyChecks.sizeOrZero(PREFIX + "bytes-per-second", this.bytesPerSecond),
					PropertyChecks.time(PREFIX + "patience", this.patience));
		}

	}

	/**
	 * What may wait for a peer that reads slowly.
	 *
	 * @param messages Most messages that wait.
	 * @param size Most bytes that wait.
	 */
	public record SendBuffer(@DefaultValue("256") int messages, @DefaultValue("1MB") DataSize size) {
	}

	/**
	 * Compression of messages by the native engine; a container has its own settings.
	 *
	 * @param enabled Whether compression is negotiated with clients that offer it.
	 * @param threshold Size from which messages are compressed.
	 */
	public record Compression(@DefaultValue("true") boolean enabled, @DefaultValue("1KB") DataSize threshold) {
	}

}
