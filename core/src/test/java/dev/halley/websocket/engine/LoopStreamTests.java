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

package dev.halley.websocket.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.ResolvableType;
import org.springframework.web.socket.CloseStatus;

import dev.halley.Channel;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.Payload;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.FailureHandler;
import dev.halley.stream.StreamFormat;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A stream on a loop, with a real network under it.
 */
class LoopStreamTests {

	private static final int READ_TIMEOUT = 30_000;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final ConnectionRegistry registry = new ConnectionRegistry(this.threads, this.threads,
			ConnectionLimits.NONE, System::nanoTime);

	private final EventLoops loops = new EventLoops(1, this.threads);

	private final BlockingQueue<Channel<String>> channels = new LinkedBlockingQueue<>();

	private final BlockingQueue<CloseStatus> ends = new LinkedBlockingQueue<>();

	private final Socket client = new Socket();

	private SocketChannel channel;

	@BeforeEach
	void connect() throws IOException {
		try (ServerSocketChannel server = ServerSocketChannel.open()) {
			server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			this.client.setReceiveBufferSize(4096);
			this.client.setSoTimeout(READ_TIMEOUT);
			this.client.connect(server.getLocalAddress());
			this.channel = server.accept();
			this.channel.configureBlocking(false);
		}
	}

	@AfterEach
	void close() throws IOException {
		this.loops.close();
		this.client.close();
		this.threads.shutdownNow();
	}

	private Connection connection() {
		ConnectionInfo info = new ConnectionInfo("c", "sse", "/stream", "Streams.stream", URI.create("/stream"), null,
				null, null, Instant.EPOCH);
		MessageCodec<?> codec = MessageCodecs.builder().build().codec(ResolvableType.forClass(String.class));
		InOut<String, String> pair = InOut.of(In.<String>ignore().whenDone(this.ends::add),
				Out.unicast(this.channels::add));
		return new Connection(info, pair, codec, codec, FailureHandler.NONE, ConnectionSettings.DEFAULT, this.registry,
				this.registry.reserve(null, null));
	}

	private LoopStream start(StreamFormat format) {
		LoopStream stream = new LoopStream(connection(), format, Duration.ZERO);
		LoopSocket socket = new LoopSocket(this.channel, new byte[0], stream, this.loops.policy("stream"));
		stream.attach(socket);
		assertThat(this.loops.register(socket)).isTrue();
		stream.start();
		return stream;
	}

	/** Fills all buffers on the way, and returns by how many bytes. */
	private int fill() throws IOException {
		ByteBuffer filler = ByteBuffer.wrap("-".repeat(10_000).getBytes(StandardCharsets.US_ASCII));
		int filled = 0;
		for (int written = this.channel.write(filler.clear()); written > 0; written = this.channel
			.write(filler.clear())) {
			filled += written;
		}
		return filled;
	}

	private String rest() throws IOException {
		return new String(this.client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
	}

	private Channel<String> channel() throws InterruptedException {
		Channel<String> channel = this.channels.poll(30, TimeUnit.SECONDS);
		assertThat(channel).isNotNull();
		return channel;
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whatIsSentComesInOrderAfterAStartThatTheNetworkDidNotTakeAtOnce(boolean single) throws Exception {
		int filled = fill();
		start(new Brackets(single));
		Channel<String> channel = channel();
		channel.push("abc");
		channel.push("0123456789abcdef");
		channel.end();
		String read = rest();
		assertThat(read).startsWith("-".repeat(filled) + "1\r\n[\r\n3\r\nabc\r\n").endsWith("1\r\n)\r\n0\r\n\r\n");
		assertThat(read).contains("10\r\n0123456789abcdef\r\n");
		assertThat(this.ends.poll(30, TimeUnit.SECONDS)).isEqualTo(CloseStatus.NORMAL);
	}

	@Test
	void anEndThatIsAskedForBeforeTheStartIsOutComesAfterIt() throws Exception {
		int filled = fill();
		start(new Brackets(false));
		channel().end();
		assertThat(rest()).isEqualTo("-".repeat(filled) + "1\r\n[\r\n1\r\n)\r\n0\r\n\r\n");
	}

	@ParameterizedTest
	@CsvSource({ "false, '3 abc '", "true, '2 ab 1 c '" })
	void messagesThatAreSentTogetherAreOneChunkUnlessEachIsToBeFlushed(boolean each, String chunks) throws Exception {
		LoopStream stream = start(new Brackets(each));
		List<Payload> batch = List.of(Payload.text("ab"), Payload.text(""), Payload.text("c"));
		stream.send(batch, () -> {
		});
		stream.abort(CloseStatus.GOING_AWAY);
		assertThat(rest()).isEqualTo(("1 [ " + chunks).replace(" ", "\r\n"));
	}

	/** Otherwise the close would reset the connection, and the client miss the end. */
	@Test
	void whatThePeerHasSentIsReadBeforeTheClose() throws Exception {
		LoopStream stream = new LoopStream(connection(), new Brackets(false), Duration.ZERO);
		LoopSocket socket = new LoopSocket(this.channel, new byte[0], stream, this.loops.policy("stream"));
		stream.attach(socket);
		this.client.getOutputStream().write("unread".getBytes(StandardCharsets.US_ASCII));
		stream.start();
		channel().end();
		assertThat(rest()).isEqualTo("1\r\n[\r\n1\r\n)\r\n0\r\n\r\n");
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.registry.reserved() == 0);
	}

	/** Texts as they are, between brackets. */
	private record Brackets(boolean isFlushedEach) implements StreamFormat {

		@Override
		public byte[] start() {
			return "[".getBytes(StandardCharsets.US_ASCII);
		}

		@Override
		public byte[] encode(Payload payload) {
			return payload.bytes();
		}

		@Override
		public byte[] end(boolean asked) {
			return ")".getBytes(StandardCharsets.US_ASCII);
		}

	}

}
