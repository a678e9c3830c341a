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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Comet and event streams, byte by byte.
 */
@ParameterizedClass
@EnumSource(value = Engine.class, names = { "NATIVE", "LOOPS" })
class StreamTests {

	private static final String FIRST = " ".repeat(5 * 1024) + "<html><body>";

	static final AtomicInteger RUNS = new AtomicInteger();

	private static TestServer server;

	@Parameter
	private Engine engine;

	@BeforeParameterizedClassInvocation
	static void start(Engine engine) {
		server = TestServer.start(engine, StreamEndpoints.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	private static RawStream get(String path, String... headers) throws IOException {
		return RawStream.get(server.port(), path, headers);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/kiki", "/kiki-mono", "/kiki-stage", "/kiki-entity", "/kiki-pair", "/helper",
			"/helper-entity" })
	void eachMessageIsAScriptInAChunkOfItsOwn(String path) throws IOException {
		try (RawStream stream = get(path, "Accept: text/html")) {
			assertThat(stream.status()).isEqualTo(200);
			assertThat(stream.chunks()).containsExactly(FIRST, "<script>parent.cometMessage('kiki');</script>",
					"<script>parent.cometMessage('foo');</script>", "<script>parent.cometMessage('bar');</script>");
		}
	}

	@Test
	void theHeadersKeepCachesAndBuffersAway() throws IOException {
		try (RawStream stream = get("/kiki", "Accept: text/html")) {
			HttpHeaders headers = stream.headers();
			assertThat(headers.getFirst("Content-Type")).isEqualTo("text/html;charset=UTF-8");
			assertThat(headers.getFirst("Transfer-Encoding")).isEqualTo("chunked");
			assertThat(headers.getFirst("Cache-Control")).isEqualTo("no-store");
			assertThat(headers.getFirst("X-Accel-Buffering")).isEqualTo("no");
			assertThat(headers.getFirst("X-Frame-Options")).isEqualTo("SAMEORIGIN");
			assertThat(headers.getFirst("Vary")).isEqualTo("Accept");
			assertThat(headers.containsHeader("Content-Length")).isFalse();
			assertThat(headers.containsHeader("Content-Encoding")).isFalse();
		}
	}

	@Test
	void headersOfAnEntityAreUsed() throws IOException {
		try (RawStream stream = get("/kiki-entity", "Accept: text/html")) {
			assertThat(stream.headers().getFirst("X-Room")).isEqualTo("a");
			assertThat(stream.headers().get("X-Frame-Options")).containsExactly("ALLOWALL");
			assertThat(stream.headers().getFirst("Content-Type")).isEqualTo("text/html;charset=UTF-8");
			assertThat(stream.headers().containsHeader("Content-Length")).isFalse();
		}
	}

	@Test
	void jsonArrivesAsAValue() throws IOException {
		try (RawStream stream = get("/json", "Accept: text/html")) {
			assertThat(stream.chunks()).contains("<script>cometMessage({\"foo\":\"\\u003c/script\\u003e\"});</script>");
		}
		try (RawStream stream = get("/helper-json", "Accept: text/html")) {
			assertThat(stream.chunks()).contains("<script>cometMessage({\"foo\":\"bar\"});</script>");
		}
	}

	@Test
	void scriptsRemoveThemselvesIfAskedTo() throws IOException {
		try (RawStream stream = get("/removing", "Accept: text/html")) {
			assertThat(stream.chunks()).last().asString().contains("removeChild").endsWith(";f('x');</script>");
		}
	}

	@ParameterizedTest
	@CsvSource({ "/chosen?callback=a.b, a.b", "/chosen, parent.f", "/helper-chosen?callback=a.b, a.b" })
	void thePageMayChooseTheCallback(String path, String callback) throws IOException {
		try (RawStream stream = get(path, "Accept: text/html")) {
			assertThat(stream.chunks()).contains("<script>" + callback + "('x');</script>");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/chosen?callback=alert(1)", "/chosen?callback=a..b", "/chosen?callback=eval",
			"/helper-chosen?callback=alert(1)", "/must-choose" })
	void aCallbackThatIsNoNameIsABadRequest(String path) throws IOException {
		try (RawStream stream = get(path, "Accept: text/html")) {
			assertThat(stream.status()).isEqualTo(400);
		}
		server.awaitNoPlaceWithoutConnection();
	}

	@Test
	void aNonceComesFromTheRequestOrThePolicy() throws IOException {
		try (RawStream stream = get("/nonce", "Accept: text/html")) {
			assertThat(stream.chunks()).contains("<script nonce=\"abc123\">f('x');</script>");
		}
		try (RawStream stream = get("/helper-nonce", "Accept: text/html")) {
			assertThat(stream.chunks()).contains("<script nonce=\"&quot;1&quot;\">f('x');</script>");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/nonce-attribute", "/helper-nonce-attribute" })
	void aNonceFromAnAttributeOfTheRequestStaysInItsPlace(String path) throws IOException {
		try (RawStream stream = get(path, "Accept: text/html")) {
			assertThat(stream.chunks())
				.contains("<script nonce=\"&gt;&lt;img src=x onerror=&#39;f()&#39;&quot;\">f('x');</script>");
		}
	}

	@Test
	void anEventStreamIsData() throws IOException {
		try (RawStream stream = get("/events", "Accept: text/event-stream")) {
			assertThat(stream.headers().getFirst("Content-Type")).isEqualTo("text/event-stream;charset=UTF-8");
			assertThat(String.join("", stream.chunks()))
				.isEqualTo("data: foo\n\ndata: a\ndata: b\ndata: \n\ndata: bar\n\n");
		}
	}

	@Test
	void eventsHaveFieldsAndAreSeparateFromTheirData() throws IOException {
		try (RawStream stream = get("/fields", "Accept: text/event-stream")) {
			assertThat(String.join("", stream.chunks())).isEqualTo("retry: 5000\n\n"
					+ "id: 1\nevent: said\nretry: 1000\n: note\ndata: {\"foo\":\"bar\"}\n\n: only\n\n");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/injected-id", "/injected-event" })
	void anInjectedFieldEndsTheStream(String path) throws IOException {
		try (RawStream stream = get(path, "Accept: text/event-stream")) {
			assertThat(stream.chunks()).isEmpty();
		}
	}

	@Test
	void theLastEventIdIsAnArgument() throws IOException {
		try (RawStream stream = get("/last", "Accept: text/event-stream", "Last-Event-ID: 17")) {
			assertThat(stream.chunks()).containsExactly("data: 17 Optional[17] 17\n\n");
		}
		try (RawStream stream = get("/last", "Accept: text/event-stream")) {
			assertThat(stream.chunks()).containsExactly("data: null Optional.empty null\n\n");
		}
		try (RawStream stream = get("/last", "Accept: text/event-stream", "Last-Event-ID: x")) {
			assertThat(stream.status()).isEqualTo(400);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "?lastEventId=17||17", "?a=b&lastEventId=1%37&c=d||17", "?lastEventId=17|18|18",
					"?lastEventId=17&lastEventId=18||17", "?lastEventId=||''", "?lastEventId||null",
					"?xlastEventId=17||null", "?a=lastEventId=17||null" })
	void theLastEventIdIsInTheQueryToo(String query, @Nullable String header, String id) throws IOException {
		String line = (header != null) ? "Last-Event-ID: " + header : "X-Header: none";
		try (RawStream stream = get("/last-text" + query, "Accept: text/event-stream", line)) {
			assertThat(stream.chunks()).containsExactly("data: " + id + "\n\n");
		}
	}

	@ParameterizedTest
	@CsvSource({ "1-1, 1-1 Optional[1-1]", "1-1.2-5, 1-1.2-5 Optional[1-1.2-5]",
			"x, 0-9223372036854775807 Optional[0-9223372036854775807]", "'', null Optional.empty" })
	void theLastEventIdIsAPosition(String id, String expected) throws IOException {
		try (RawStream stream = get("/last-position?lastEventId=" + id, "Accept: text/event-stream")) {
			assertThat(stream.chunks()).containsExactly("data: " + expected + "\n\n");
		}
		try (TestServer.Client client = server.connect("/last-position?lastEventId=" + id)) {
			assertThat(client.next()).isEqualTo(expected);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "text/event-stream|text/event-stream", "text/html|text/html", "*/*|text/event-stream",
					"text/html,application/xhtml+xml,*/*;q=0.8|text/html",
					"text/html, text/event-stream|text/event-stream", "text/html, text/event-stream;q=0.5|text/html",
					"text/*|text/event-stream", "text/event-stream;q=0, */*|text/html",
					"text/event-stream;q=0.4, text/html;q=0.5|text/html", "text/html;q=0, */*;q=0.1|text/event-stream",
					"text/html;q=0.1, application/json|text/html", "TEXT/HTML;level=1|text/html" })
	void theRequestDecidesOnTheWire(String accept, String contentType) throws IOException {
		try (RawStream stream = get("/all", "Accept: " + accept)) {
			assertThat(stream.status()).isEqualTo(200);
			assertThat(stream.headers().getFirst("Content-Type")).startsWith(contentType);
			assertThat(stream.headers().getFirst("Vary")).isEqualTo("Accept, Upgrade");
		}
		try (TestServer.Client client = server.connect("/all")) {
			assertThat(client.next()).isEqualTo("x");
		}
	}

	@ParameterizedTest
	@CsvSource({ "/all, application/json, 406, 'Accept, Upgrade'", "/kiki, application/json, 406, Accept",
			"/kiki, not a type, 406, Accept", "/kiki, text/html;q=0, 406, Accept", "/kiki, '*/*;q=0', 406, Accept",
			"/all, 'text/*;q=0, */*', 406, 'Accept, Upgrade'", "/kiki, text/event-stream, 406, Accept",
			"/events, text/html, 406, Accept", "/page, text/html, 200,", "/page, application/json, 406," })
	void whatIsNotAcceptableIsSaid(String path, String accept, int status, String vary) throws IOException {
		try (RawStream stream = get(path, "Accept: " + accept)) {
			assertThat(stream.status()).isEqualTo(status);
			if (vary != null) {
				assertThat(stream.headers().getFirst("Vary")).isEqualTo(vary);
			}
		}
	}

	@Test
	void withoutAcceptAnythingGoes() throws IOException {
		try (RawStream stream = get("/kiki")) {
			assertThat(stream.chunks()).hasSize(4);
		}
	}

	@Test
	void otherMethodsAreNotAllowed() throws IOException {
		try (RawStream stream = RawStream.request(server.port(), "POST /kiki HTTP/1.1", "Content-Length: 0")) {
			assertThat(stream.status()).isEqualTo(405);
			assertThat(stream.headers().getFirst("Allow")).contains("GET").contains("HEAD");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/counted", "/helper-counted" })
	void headGetsHeadersAndRunsNothing(String path) throws IOException {
		RUNS.set(0);
		try (RawStream stream = RawStream.request(server.port(), "HEAD " + path + " HTTP/1.1", "Accept: text/html",
				"Connection: close")) {
			assertThat(stream.status()).isEqualTo(200);
			assertThat(stream.headers().getFirst("Content-Type")).isEqualTo("text/html;charset=UTF-8");
			assertThat(stream.headers().getFirst("X-Frame-Options")).isEqualTo("SAMEORIGIN");
			assertThat(stream.headers().containsHeader("Content-Length")).isFalse();
			assertThat(stream.rest()).isEmpty();
		}
		assertThat(RUNS).hasValue(0);
		server.awaitNoPlaceWithoutConnection();
	}

	@Test
	void anOldClientGetsNoChunksAndAClosedConnection() throws IOException {
		try (RawStream stream = RawStream.request(server.port(), "GET /kiki HTTP/1.0", "Accept: text/html")) {
			assertThat(stream.headers().containsHeader("Transfer-Encoding")).isFalse();
			assertThat(stream.headers().getFirst("Connection")).isEqualTo("close");
			assertThat(stream.rest()).startsWith(FIRST).endsWith("<script>parent.cometMessage('bar');</script>");
		}
	}

	@Test
	void aConnectionOfTomcatsIsUsedAgainAfterAStream() throws IOException {
		try (TestServer tomcats = TestServer.start(StreamEndpoints.class);
				RawStream stream = RawStream.get(tomcats.port(), "/kiki", "Accept: text/html")) {
			assertThat(stream.chunks()).hasSize(4);
			assertThat(stream.again("/events", "text/event-stream").chunks()).isNotEmpty();
		}
	}

	/** As Spring Security does: at the end of the chain, over what is there. */
	@ParameterizedTest
	@CsvSource({ "/kiki, DENY, SAMEORIGIN", "/kiki, ALLOWALL, ALLOWALL", "/helper, DENY, SAMEORIGIN",
			"/events, DENY, DENY" })
	void aStreamMayBeFramedByItsOwnOriginWhereFramesAreDeniedByDefault(String path, String set, String sent)
			throws IOException {
		Filter security = (request, response, chain) -> {
			chain.doFilter(request, response);
			((HttpServletResponse) response).setHeader("X-Frame-Options", set);
		};
		try (TestServer secured = TestServer.start(this.engine, "", "/", security, StreamEndpoints.class);
				RawStream stream = RawStream.get(secured.port(), path)) {
			assertThat(stream.headers().get("X-Frame-Options")).containsExactly(sent);
		}
	}

	/** As in the three examples of Play's documentation. */
	@ParameterizedTest
	@CsvSource({ "/hand-made, hand-made", "/console, console", "/kiki, iframe" })
	void theBodyIsExact(String path, String expected) throws IOException {
		String body = switch (expected) {
			case "hand-made" -> chunked("<script>console.log('kiki')</script>", "<script>console.log('foo')</script>",
					"<script>console.log('bar')</script>");
			case "console" -> chunked(FIRST, "<script>console.log('kiki');</script>",
					"<script>console.log('foo');</script>", "<script>console.log('bar');</script>");
			default -> chunked(FIRST, "<script>parent.cometMessage('kiki');</script>",
					"<script>parent.cometMessage('foo');</script>", "<script>parent.cometMessage('bar');</script>");
		};
		try (RawStream stream = get(path, "Accept: text/html", "Connection: close")) {
			assertThat(stream.headers().getFirst("Content-Type")).isEqualTo("text/html;charset=UTF-8");
			assertThat(stream.rest()).isEqualTo(body);
		}
	}

	private static String chunked(String... chunks) {
		return Stream.of(chunks)
			.map((chunk) -> Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n")
			.collect(Collectors.joining("", "", "0\r\n\r\n"));
	}

	@Test
	void aTimeLimitEndsTheStream() throws IOException {
		try (RawStream stream = get("/limited", "Accept: text/html")) {
			assertThat(stream.chunks()).containsExactly(FIRST);
		}
	}

}
