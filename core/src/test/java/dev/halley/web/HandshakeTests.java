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

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
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
import org.springframework.stereotype.Controller;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.web.RawHandshake.Answer;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which handshakes are refused before the method runs, and how.
 */
@ParameterizedClass
@EnumSource(Engine.class)
class HandshakeTests {

	private static final AtomicInteger CALLS = new AtomicInteger();

	private static TestServer server;

	@Parameter
	private Engine engine;

	@BeforeParameterizedClassInvocation
	static void start(Engine engine) {
		server = TestServer.start(engine, Endpoints.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@AfterEach
	void forgetCalls() {
		CALLS.set(0);
	}

	@Test
	void aCompleteHandshakeIsAccepted() {
		Answer answer = RawHandshake.to(server, "/hello").send();
		assertThat(answer.status()).isEqualTo(101);
		assertThat(answer.headers().getUpgrade()).isEqualToIgnoringCase("websocket");
		assertThat(answer.headers().getFirst("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
		assertThat(answer.headers().containsHeader("Sec-WebSocket-Protocol")).isFalse();
		assertThat(CALLS).hasValue(1);
	}

	@Test
	void headersMayBeWrittenDifferently() {
		Answer answer = RawHandshake.to(server, "/hello")
			.set("Connection", "keep-alive, UPGRADE")
			.set("Upgrade", "WebSocket")
			.send();
		assertThat(answer.status()).isEqualTo(101);
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "PUT", "DELETE", "PATCH" })
	void anotherMethodIsNotAllowed(String method) {
		Answer answer = refused(RawHandshake.to(server, "/hello").method(method).add("Content-Length", "0"), 405);
		assertThat(answer.headers().getFirst(HttpHeaders.ALLOW)).isEqualTo("GET");
	}

	@Test
	void aConnectionHeaderWithoutUpgradeIsRefused() {
		refused(RawHandshake.to(server, "/hello").set("Connection", "keep-alive"), 400);
		refused(RawHandshake.to(server, "/hello").without("Connection"), 400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "8", "14", "013", "x", "13, 8" })
	void anotherVersionIsToldTheRightOne(String version) {
		Answer answer = refused(RawHandshake.to(server, "/hello").set("Sec-WebSocket-Version", version), 426);
		assertThat(answer.headers().getFirst("Sec-WebSocket-Version")).isEqualTo("13");
	}

	@Test
	void noVersionIsToldTheRightOne() {
		Answer answer = refused(RawHandshake.to(server, "/hello").without("Sec-WebSocket-Version"), 426);
		assertThat(answer.headers().getFirst("Sec-WebSocket-Version")).isEqualTo("13");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "short", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZTIz",
			"!!!!IHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZSBhbmQgbW9yZQ==" })
	void aKeyThatIsNot16BytesInBase64IsRefused(String key) {
		refused(RawHandshake.to(server, "/hello").set("Sec-WebSocket-Key", key), 400);
	}

	@Test
	void noKeyOrTwoKeysAreRefused() {
		refused(RawHandshake.to(server, "/hello").without("Sec-WebSocket-Key"), 400);
		refused(RawHandshake.to(server, "/hello").add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), 400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "permessage-deflate; client_max_window_bits=\"10", "permessage-deflate;",
			"permessage-deflate; =10", "a b", "a; b=\"\"", "a; b=\"x y\"", "@" })
	void malformedExtensionsAreRefused(String extensions) {
		refused(RawHandshake.to(server, "/hello").add("Sec-WebSocket-Extensions", extensions), 400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "permessage-deflate; client_max_window_bits", "unknown; a=1; b=\"2\" , other", "" })
	void wellFormedExtensionsAreAccepted(String extensions) {
		assertThat(RawHandshake.to(server, "/hello").add("Sec-WebSocket-Extensions", extensions).send().status())
			.isEqualTo(101);
	}

	@Test
	void pagesOfTheApplicationMayConnect() {
		assertThat(RawHandshake.to(server, "/hello").add("Origin", "http://localhost:" + server.port()).send().status())
			.isEqualTo(101);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://localhost", "https://localhost:PORT", "http://localhost.evil.com:PORT",
			"http://evil.com:PORT", "null", "localhost:PORT", "http://", "http://localhost:PORT/", "garbage",
			"http://localhost:PORT, http://evil.com", "http://user@localhost:PORT", "" })
	void pagesOfOtherOriginsMayNotConnect(String origin) {
		String value = origin.replace("PORT", String.valueOf(server.port()));
		refused(RawHandshake.to(server, "/hello").add("Origin", value), 403);
	}

	@Test
	void twoOriginsAreRefusedEvenIfBothAreAllowed() {
		String own = "http://localhost:" + server.port();
		refused(RawHandshake.to(server, "/hello").add("Origin", own).add("Origin", own), 403);
	}

	@ParameterizedTest
	@CsvSource({ "https://example.org, 101", "https://example.org:443, 101", "http://example.org, 403",
			"https://a.partner.com, 101", "https://partner.com, 403", "https://evilpartner.com, 403" })
	void aMappingListsOtherOrigins(String origin, int status) {
		assertThat(RawHandshake.to(server, "/partners").add("Origin", origin).send().status()).isEqualTo(status);
	}

	@Test
	void theFirstSubprotocolOfTheMappingThatTheClientOffersIsChosen() {
		Answer answer = RawHandshake.to(server, "/protocols")
			.add("Sec-WebSocket-Protocol", "unknown, v1.json")
			.add("Sec-WebSocket-Protocol", "v2.json")
			.send();
		assertThat(answer.status()).isEqualTo(101);
		assertThat(answer.headers().get("Sec-WebSocket-Protocol")).containsExactly("v2.json");
	}

	@Test
	void withoutACommonSubprotocolNoneIsChosen() {
		Answer answer = RawHandshake.to(server, "/protocols").add("Sec-WebSocket-Protocol", "V2.JSON").send();
		assertThat(answer.status()).isEqualTo(101);
		assertThat(answer.headers().containsHeader("Sec-WebSocket-Protocol")).isFalse();
	}

	@Test
	void aRequiredSubprotocolMustBeOffered() {
		refused(RawHandshake.to(server, "/required"), 400);
		refused(RawHandshake.to(server, "/required").add("Sec-WebSocket-Protocol", "other"), 400);
		assertThat(RawHandshake.to(server, "/required").add("Sec-WebSocket-Protocol", "other, soap").send().status())
			.isEqualTo(101);
	}

	@Test
	void malformedSubprotocolsAreRefused() {
		refused(RawHandshake.to(server, "/hello").add("Sec-WebSocket-Protocol", "a b"), 400);
	}

	@Test
	void theMethodReadsWhatWasNegotiated() {
		try (TestServer.Client client = server.connect("/negotiated", "x", "v1")) {
			assertThat(client.subprotocol()).isEqualTo("v1");
			assertThat(client.next()).isEqualTo("Handshake[subprotocol=v1, offeredSubprotocols=[x, v1], origin=null]");
		}
	}

	@Test
	void http10HasNoUpgrade() {
		Answer answer = refused(RawHandshake.to(server, "/hello").protocol("HTTP/1.0"), 426);
		assertThat(answer.headers().getUpgrade()).isEqualTo("websocket");
	}

	private static Answer refused(RawHandshake handshake, int status) {
		Answer answer = handshake.send();
		assertThat(answer.status()).isEqualTo(status);
		assertThat(CALLS).hasValue(0);
		return answer;
	}

	@Controller
	static class Endpoints {

		@WebSocketMapping("/hello")
		InOut<String, String> hello() {
			CALLS.incrementAndGet();
			return InOut.of(In.ignore(), Out.of("Hello!"));
		}

		@WebSocketMapping(path = "/partners", allowedOrigins = { "https://example.org", "https://*.partner.com" })
		InOut<String, String> partners() {
			return InOut.of(In.ignore(), Out.never());
		}

		@WebSocketMapping(path = "/protocols", subprotocols = { "v2.json", "v1.json" })
		InOut<String, String> protocols() {
			return InOut.of(In.ignore(), Out.never());
		}

		@WebSocketMapping(path = "/required", subprotocols = "soap", subprotocolRequired = true)
		InOut<String, String> required() {
			CALLS.incrementAndGet();
			return InOut.of(In.ignore(), Out.never());
		}

		@WebSocketMapping(path = "/negotiated", subprotocols = "v1")
		Out<String> negotiated(Handshake handshake) {
			return Out.of(handshake.toString());
		}

	}

}
