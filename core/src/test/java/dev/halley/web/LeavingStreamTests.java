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

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.socket.CloseStatus;

import dev.halley.Channel;
import dev.halley.websocket.engine.Engine;
import dev.halley.websocket.engine.EventLoops;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams that leave Tomcat for event loops. {@link StayingStreamTests} has those that
 * stay.
 */
class LeavingStreamTests extends LeavingStreams {

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
			String body = there.rest();
			assertThat(here.rest()).isEqualTo(body).endsWith("0\r\n\r\n");
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

	/**
	 * A peer has nothing to say after its request, and one that goes begins like that.
	 */
	@Test
	void aPeerThatClosesItsHalfIsGone() throws Exception {
		try (Socket socket = RawStream.send(this.server.port(), "GET /channel HTTP/1.1", 0, EVENTS)) {
			channel();
			socket.shutdownOutput();
			assertThat(end()).isEqualTo(CloseStatus.NO_CLOSE_FRAME);
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.startsWith("HTTP/1.1 200")
				.endsWith("\r\n\r\n");
		}
		awaitNothing(this.server);
	}

	/** And neither is it that of another client, whose request Tomcat may be at. */
	@Test
	void theRequestIsNotThereAnyMoreWhenItsStreamHasLeft() throws Exception {
		try (RawStream stream = get("/request", "text/event-stream")) {
			Channel<String> channel = channel();
			Awaitility.await().atMost(LONG).until(() -> onLoops(this.server) == 1 && isTomcatWithout(this.server));
			try (RawStream other = get("/brief", "text/event-stream")) {
				assertThat(other.chunks()).isNotEmpty();
			}
			channel.push("Accept");
			assertThat(stream.until("\n\n")).isEqualTo("data: no request\n\n");
		}
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
				assertThat(ex).hasMessageMatching(".*(reset|Broken pipe).*");
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
		for (int i = 0; i < 100; i++) {
			channel();
		}
		assertThat(onLoops(this.server)).isEqualTo(100);
		for (RawStream stream : streams) {
			stream.close();
		}
		for (int i = 0; i < 100; i++) {
			assertThat(end()).isEqualTo(CloseStatus.NO_CLOSE_FRAME);
		}
		awaitNothing(this.server);
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

}
