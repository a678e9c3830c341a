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

package dev.halley.web;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.apache.coyote.AbstractProtocol;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.filter.RequestContextFilter;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Mono;

import dev.halley.Channel;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.websocket.engine.Engine;
import dev.halley.websocket.engine.EventLoops;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams that leave Tomcat for event loops, and those that stay. Time stands still
 * unless a test moves it, so that nothing here waits for a heartbeat.
 */
class LeavingStreamTests {

	private static final String EVENTS = "Accept: text/event-stream";

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final AtomicLong CLOCK = new AtomicLong();

	private static final BlockingQueue<Channel<String>> CHANNELS = new LinkedBlockingQueue<>();

	private static final BlockingQueue<CloseStatus> ENDS = new LinkedBlockingQueue<>();

	private static final BlockingQueue<String> BLOCK = new LinkedBlockingQueue<>();

	private TestServer server;

	@BeforeEach
	void forget() {
		CHANNELS.clear();
		ENDS.clear();
		this.server = start(null);
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	private static TestServer start(Filter filter) {
		return TestServer.start(Engine.LOOPS, "", "/", filter, Time.class, Endpoints.class);
	}

	private RawStream get(String path, String accept) throws IOException {
		return RawStream.get(this.server.port(), path, "Accept: " + accept);
	}

	private static Channel<String> channel() throws InterruptedException {
		Channel<String> channel = CHANNELS.poll(30, TimeUnit.SECONDS);
		assertThat(channel).isNotNull();
		return channel;
	}

	private static CloseStatus end() throws InterruptedException {
		return ENDS.poll(30, TimeUnit.SECONDS);
	}

	private static int onLoops(TestServer server) {
		return server.bean(EventLoops.class).connections();
	}

	private static void awaitNothing(TestServer server) {
		Awaitility.await()
			.atMost(LONG)
			.untilAsserted(
					() -> assertThat(List.of(onLoops(server), server.registry().reserved(), server.registry().size()))
						.containsOnly(0));
	}

	/** The acceptor takes the place of the next connection before that comes. */
	private static boolean isTomcatWithout(TestServer server) {
		return ((AbstractProtocol<?>) server.connector().getProtocolHandler()).getConnectionCount() <= 1;
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html", "text/event-stream" })
	void aStreamLeavesTomcat(String accept) throws Exception {
		try (RawStream stream = get("/channel", accept)) {
			Channel<String> channel = channel();
			Awaitility.await().atMost(LONG).until(() -> onLoops(this.server) == 1 && isTomcatWithout(this.server));
			assertThat(stream.headers().get(HttpHeaders.CONNECTION)).containsExactly("close");
			channel.push("still there");
			assertThat(stream.until("still there")).endsWith(accept.equals("text/html") ? "</script>" : "\n\n");
			channel.end();
			assertThat(stream.chunks()).isEmpty();
			assertThat(stream.rest()).isEmpty();
		}
		assertThat(end()).isEqualTo(CloseStatus.NORMAL);
		awaitNothing(this.server);
	}

	/** But for {@code Connection}, and for the order of the headers. */
	@ParameterizedTest
	@CsvSource({ "/brief, text/html", "/brief, text/event-stream", "/lines, text/event-stream", "/once, text/html",
			"/once, text/event-stream", "/asked, text/html", "/asked, text/event-stream" })
	void itIsWhatItIsOnTomcatsConnections(String path, String accept) throws IOException {
		try (TestServer tomcats = TestServer.start(Engine.NATIVE, Time.class, Endpoints.class);
				RawStream there = RawStream.get(tomcats.port(), path, "Accept: " + accept, "Accept-Encoding: gzip",
						"Connection: close");
				RawStream here = RawStream.get(this.server.port(), path, "Accept: " + accept,
						"Accept-Encoding: gzip")) {
			assertThat(here.status()).isEqualTo(there.status());
			assertThat(comparable(here.headers())).isEqualTo(comparable(there.headers()));
			String body = new String(there.rest(), StandardCharsets.UTF_8);
			assertThat(new String(here.rest(), StandardCharsets.UTF_8)).isEqualTo(body).endsWith("0\r\n\r\n");
		}
		awaitNothing(this.server);
	}

	private static List<String> comparable(HttpHeaders headers) {
		return headers.headerSet()
			.stream()
			.map((header) -> header.getKey().equals(HttpHeaders.DATE) ? "Date" : header.toString())
			.sorted()
			.toList();
	}

	@Test
	void aLargeMessageComesWhole() throws Exception {
		try (RawStream stream = get("/channel", "text/event-stream")) {
			Channel<String> channel = channel();
			String large = "x".repeat(1 << 20);
			channel.push(large);
			assertThat(stream.until("\n\n")).isEqualTo("data: " + large + "\n\n");
			channel.end();
			assertThat(stream.chunks()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html", "text/event-stream" })
	void aClosedTabIsSeenAtOnce(String accept) throws Exception {
		RawStream stream = get("/channel", accept);
		channel();
		stream.close();
		assertThat(end()).isEqualTo(CloseStatus.NO_CLOSE_FRAME);
		awaitNothing(this.server);
	}

	@Test
	void whatAPeerSendsAfterItsRequestIsIgnored() throws Exception {
		try (Socket socket = RawStream.send(this.server.port(), "GET /channel HTTP/1.1", 0, EVENTS)) {
			Channel<String> channel = channel();
			for (int i = 0; i < 10; i++) {
				socket.getOutputStream().write("GET /brief HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
			}
			channel.push("a");
			channel.end();
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.endsWith("\r\n\r\n9\r\ndata: a\n\n\r\n0\r\n\r\n")
				.containsOnlyOnce("HTTP/1.1 200");
		}
		assertThat(end()).isEqualTo(CloseStatus.NORMAL);
	}

	/** In one packet with the request, so that Tomcat has read it. */
	@Test
	void aSecondRequestThatCameWithTheFirstIsIgnored() throws Exception {
		try (Socket socket = RawStream.send(this.server.port(),
				"GET /brief HTTP/1.1\r\nHost: localhost\r\n" + EVENTS + "\r\n\r\nGET /brief HTTP/1.1", 0, EVENTS)) {
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.containsOnlyOnce("HTTP/1.1 200")
				.endsWith("0\r\n\r\n");
		}
	}

	@Test
	void aPeerThatSendsTooMuchIsDropped() throws Exception {
		try (Socket socket = RawStream.send(this.server.port(), "GET /channel HTTP/1.1", 0, EVENTS)) {
			channel();
			byte[] much = new byte[200_000];
			try {
				socket.getOutputStream().write(much);
			}
			catch (SocketException ex) {
				assertThat(ex).hasMessageContaining("eset");
			}
			assertThat(end()).isEqualTo(CloseStatus.NO_CLOSE_FRAME);
		}
		awaitNothing(this.server);
	}

	@ParameterizedTest
	@CsvSource({ "/limited, text/html", "/limited, text/event-stream" })
	void theTimeLimitIsAnEndInGoodOrderThatInvitesToComeAgain(String path, String accept) throws Exception {
		try (RawStream stream = get(path, accept)) {
			channel();
			this.server.registry().tick();
			CLOCK.addAndGet(Duration.ofMillis(9_900).toNanos());
			this.server.registry().tick();
			assertThat(ENDS).isEmpty();
			CLOCK.addAndGet(Duration.ofMillis(200).toNanos());
			this.server.registry().tick();
			assertThat(String.join("", stream.chunks())).doesNotContain("stream-end", "done");
			assertThat(end()).isEqualTo(CloseStatus.NORMAL);
		}
		awaitNothing(this.server);
	}

	@Test
	void anAbortLacksTheLastChunk() throws Exception {
		try (RawStream stream = get("/channel", "text/event-stream")) {
			channel();
			this.server.registry().abortAll(CloseStatus.GOING_AWAY);
			assertThat(stream.rest()).isEmpty();
			assertThat(end()).isNotNull();
		}
		awaitNothing(this.server);
	}

	@Test
	void streamsThatAreLeftAtTheEndOfTheLoopsAreDropped() throws Exception {
		try (RawStream stream = get("/channel", "text/event-stream")) {
			channel();
			Awaitility.await().atMost(LONG).until(() -> onLoops(this.server) == 1);
			this.server.bean(EventLoops.class).close();
			assertThat(stream.rest()).isEmpty();
			assertThat(end()).isEqualTo(CloseStatus.NO_CLOSE_FRAME);
		}
		awaitNothing(this.server);
	}

	/** The head is written, and nobody takes the stream. */
	@Test
	void aStreamThatNoLoopTakesEndsAndGivesItsPlaceBack() throws Exception {
		this.server.bean(EventLoops.class).close();
		try (RawStream stream = get("/channel", "text/event-stream")) {
			assertThat(stream.status()).isEqualTo(200);
			assertThat(stream.rest()).isEmpty();
		}
		awaitNothing(this.server);
		assertThat(CHANNELS).isEmpty();
		Awaitility.await().atMost(LONG).until(() -> isTomcatWithout(this.server));
	}

	@Test
	void thousandsOfStreamsLeaveNoDescriptor() throws Exception {
		UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		try (RawStream first = get("/brief", "text/event-stream")) {
			assertThat(first.chunks()).isNotEmpty();
		}
		awaitNothing(this.server);
		long before = system.getOpenFileDescriptorCount();
		for (int i = 0; i < 2_000; i++) {
			String path = (i % 2 == 0) ? "/brief" : "/channel";
			try (RawStream stream = get(path, (i % 4 < 2) ? "text/html" : "text/event-stream")) {
				if (i % 2 == 0) {
					assertThat(stream.chunks()).isNotEmpty();
				}
			}
		}
		awaitNothing(this.server);
		Awaitility.await()
			.atMost(LONG)
			.untilAsserted(() -> assertThat(system.getOpenFileDescriptorCount()).isLessThan(before + 50));
	}

	// Who stays

	private void assertStays(TestServer server, RawStream stream) throws Exception {
		Channel<String> channel = channel();
		channel.push("a");
		assertThat(stream.until("a")).contains("data: a");
		assertThat(onLoops(server)).isZero();
		assertThat(stream.headers().getConnection()).doesNotContain("close");
		channel.end();
		assertThat(stream.chunks()).isEmpty();
		try (RawStream next = stream.again("/brief", "text/html")) {
			assertThat(next.status()).isEqualTo(200);
		}
	}

	@Test
	void anAnswerToPostKeepsItsConnection() throws Exception {
		try (RawStream stream = RawStream.post(this.server.port(), "/channel", "text/plain", "x", EVENTS)) {
			assertStays(this.server, stream);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 0", "Connection: keep-alive", "Cookie: a=b" })
	void otherHeadersMakeNoDifference(String header) throws Exception {
		try (RawStream stream = RawStream.get(this.server.port(), "/channel", EVENTS, header)) {
			channel();
			assertThat(stream.status()).isEqualTo(200);
			Awaitility.await().atMost(LONG).until(() -> onLoops(this.server) == 1);
		}
	}

	@Test
	void aRequestWithABodyStays() throws Exception {
		try (Socket socket = RawStream.send(this.server.port(), "GET /channel HTTP/1.1", 0, EVENTS,
				"Content-Length: 100000")) {
			channel().push("a");
			InputStream input = socket.getInputStream();
			assertThat(new String(input.readNBytes(15), StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 200 \r\n");
			assertThat(onLoops(this.server)).isZero();
		}
	}

	@Test
	void aHeadAloneStays() throws Exception {
		try (RawStream stream = RawStream.request(this.server.port(), "HEAD /channel HTTP/1.1", EVENTS)) {
			assertThat(stream.status()).isEqualTo(200);
			assertThat(stream.headers().getConnection()).isEmpty();
			try (RawStream next = stream.again("/brief", "text/html")) {
				assertThat(next.status()).isEqualTo(200);
			}
		}
		assertThat(CHANNELS).isEmpty();
	}

	@Test
	void anOldClientIsServedByTomcat() throws Exception {
		try (RawStream stream = RawStream.request(this.server.port(), "GET /channel HTTP/1.0", EVENTS)) {
			Channel<String> channel = channel();
			channel.push("a");
			channel.end();
			assertThat(new String(stream.rest(), StandardCharsets.UTF_8)).isEqualTo("data: a\n\n");
			assertThat(stream.headers().containsHeader(HttpHeaders.TRANSFER_ENCODING)).isFalse();
		}
	}

	/** Tomcat may compress the transfer though the content says that it is encoded. */
	@ParameterizedTest
	@CsvSource({ "on, TE: gzip, 0", "force, TE: gzip, 0", "on, Accept-Encoding: gzip, 1", "off, TE: gzip, 1" })
	void whatTomcatMayCompressStays(String compression, String header, int leaving) throws Exception {
		this.server.connector().setProperty("compression", compression);
		this.server.connector().setProperty("compressibleMimeType", "text/html,text/event-stream");
		try (RawStream stream = RawStream.get(this.server.port(), "/channel", EVENTS, header)) {
			channel();
			assertThat(stream.status()).isEqualTo(200);
			Awaitility.await().atMost(LONG).until(() -> this.server.registry().size() == 1);
			assertThat(onLoops(this.server)).isEqualTo(leaving);
		}
	}

	@Test
	void whatAFilterWritesStays() throws Exception {
		try (TestServer filtered = start(new Rewriting());
				RawStream stream = RawStream.get(filtered.port(), "/channel", EVENTS)) {
			Channel<String> channel = channel();
			channel.push("secret");
			assertThat(stream.until("data")).contains("data: ******");
			assertThat(onLoops(filtered)).isZero();
		}
	}

	@Test
	void filtersThatPassOnWhatIsWrittenMakeNoDifference() throws Exception {
		for (Filter filter : List.of(new ShallowEtagHeaderFilter(), new RequestContextFilter(), new Wrapping())) {
			try (TestServer filtered = start(filter);
					RawStream stream = RawStream.get(filtered.port(), "/channel", EVENTS)) {
				channel().push("a");
				assertThat(stream.until("a")).isEqualTo("data: a\n\n");
				assertThat(stream.headers().getETag()).isNull();
				Awaitility.await().atMost(LONG).until(() -> onLoops(filtered) == 1);
			}
		}
	}

	/** Headers that come when the chain returns are sent, as on Tomcat's connections. */
	@Test
	void filtersMaySetHeadersAfterTheChain() throws Exception {
		Filter late = (request, response, chain) -> {
			chain.doFilter(request, response);
			((HttpServletResponse) response).setHeader("X-Late", "yes");
		};
		try (TestServer filtered = start(late); RawStream stream = RawStream.get(filtered.port(), "/channel", EVENTS)) {
			channel();
			assertThat(stream.headers().getFirst("X-Late")).isEqualTo("yes");
			Awaitility.await().atMost(LONG).until(() -> onLoops(filtered) == 1);
		}
	}

	// What the server makes of the request

	@Test
	void theObservationOfTheRequestEndsWhenTheStreamLeaves() throws Exception {
		BlockingQueue<String> stopped = new LinkedBlockingQueue<>();
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new Stops(stopped));
		try (TestServer observed = start(new ServerHttpObservationFilter(observations));
				RawStream stream = RawStream.get(observed.port(), "/channel", EVENTS)) {
			Channel<String> channel = channel();
			assertThat(stopped.poll(30, TimeUnit.SECONDS)).isEqualTo("GET /channel 200");
			channel.end();
			assertThat(stream.chunks()).isEmpty();
			assertThat(end()).isEqualTo(CloseStatus.NORMAL);
			assertThat(stopped).isEmpty();
		}
	}

	@Test
	void aBlockedSubscriptionHoldsUpNoOtherStream() throws Exception {
		try (RawStream blocked = get("/blocked", "text/event-stream");
				RawStream other = get("/channel", "text/event-stream")) {
			channel().push("a");
			assertThat(other.until("a")).isEqualTo("data: a\n\n");
			assertThat(blocked.status()).isEqualTo(200);
			BLOCK.add("go on");
			assertThat(blocked.chunks()).containsExactly("data: go on\n\n");
		}
	}

	@Test
	void aHundredClosedTabsAreSeenAtOnce() throws Exception {
		List<RawStream> streams = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			streams.add(get("/channel", (i % 2 == 0) ? "text/html" : "text/event-stream"));
		}
		Awaitility.await().atMost(LONG).until(() -> onLoops(this.server) == 100);
		for (RawStream stream : streams) {
			stream.close();
		}
		awaitNothing(this.server);
		assertThat(ENDS).hasSize(100).containsOnly(CloseStatus.NO_CLOSE_FRAME);
	}

	private static final class Stops implements ObservationHandler<ServerRequestObservationContext> {

		private final BlockingQueue<String> stopped;

		Stops(BlockingQueue<String> stopped) {
			this.stopped = stopped;
		}

		@Override
		public void onStop(ServerRequestObservationContext context) {
			HttpServletRequest request = context.getCarrier();
			HttpServletResponse response = context.getResponse();
			this.stopped.add(request.getMethod() + " " + request.getRequestURI() + " "
					+ ((response != null) ? response.getStatus() : 0));
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof ServerRequestObservationContext;
		}

	}

	/** A wrapper of which nothing is overridden. */
	private static final class Wrapping extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws IOException, ServletException {
			chain.doFilter(request, new HttpServletResponseWrapper(response));
		}

	}

	/** Changes the body. */
	private static final class Rewriting extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws IOException, ServletException {
			ServletOutputStream output = new Stars(response.getOutputStream());
			chain.doFilter(request, new HttpServletResponseWrapper(response) {

				@Override
				public ServletOutputStream getOutputStream() {
					return output;
				}

			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Time {

		@Bean
		LongSupplier ticker() {
			return CLOCK::get;
		}

	}

	/** Writes asterisks in place of secrets. */
	private static final class Stars extends ServletOutputStream {

		private final ServletOutputStream output;

		Stars(ServletOutputStream output) {
			this.output = output;
		}

		@Override
		public boolean isReady() {
			return this.output.isReady();
		}

		@Override
		public void setWriteListener(WriteListener listener) {
			this.output.setWriteListener(listener);
		}

		@Override
		public void flush() throws IOException {
			this.output.flush();
		}

		@Override
		public void write(int value) throws IOException {
			this.output.write(value);
		}

		@Override
		public void write(byte[] bytes, int from, int length) throws IOException {
			String text = new String(bytes, from, length, StandardCharsets.UTF_8);
			this.output.write(text.replace("secret", "******").getBytes(StandardCharsets.UTF_8));
		}

	}

	@Controller
	static class Endpoints {

		private static InOut<String, String> told(Out<String> out) {
			return InOut.of(In.<String>ignore().whenDone(ENDS::add), out);
		}

		@CometMapping(path = "/channel", callback = "f")
		@EventSourceMapping(path = "/channel", method = { RequestMethod.GET, RequestMethod.POST })
		InOut<String, String> channel() {
			return told(Out.unicast(CHANNELS::add));
		}

		@CometMapping(path = "/limited", callback = "f", endCallback = "done", reconnect = false, timeout = "10s")
		@EventSourceMapping(path = "/limited", reconnect = false, timeout = "10s")
		InOut<String, String> limited() {
			return channel();
		}

		@CometMapping(path = "/brief", callback = "f")
		@EventSourceMapping("/brief")
		Out<String> brief() {
			return Out.of("a", "b", "ü€");
		}

		@EventSourceMapping(path = "/lines", retry = "5s")
		Out<ServerSentEvent<String>> lines() {
			return Out.of(ServerSentEvent.builder("a\nb").id("1").event("said").build(),
					ServerSentEvent.<String>builder().comment("note").build());
		}

		@CometMapping(path = "/once", callback = "f", endCallback = "done", reconnect = false)
		@EventSourceMapping(path = "/once", reconnect = false)
		Out<String> once() {
			return Out.of("a");
		}

		@CometMapping(path = "/asked", callback = "f", endCallback = "done")
		@EventSourceMapping("/asked")
		Out<String> asked() {
			return Out.of("a").andThen(Out.eof());
		}

		@EventSourceMapping("/blocked")
		Out<String> blocked() {
			return Out.from(Mono.fromCallable(() -> BLOCK.poll(30, TimeUnit.SECONDS)));
		}

	}

}
