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

package dev.halley.boot.cases;

import java.io.IOException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Handshakes that are refused: no pair runs.
 */
abstract class RefusalTests extends CaseTests {

	private Request handshake(String path) {
		return request(path);
	}

	private static void assertRefused(Request request, int status) throws IOException {
		try (Peer peer = request.send()) {
			assertThat(peer.status()).isEqualTo(status);
		}
	}

	@AfterEach
	void noPairHasRun() {
		assertThat(run().balance()).isEqualTo("out begun 0, out ended 0, in done 0");
	}

	@ParameterizedTest
	@CsvSource({ "exception,402", "bug,500", "null,500", "entity,403", "mono,402", "empty-mono,500", "stage,402",
			"callable,402" })
	void theMethodRefuses(String how, int status) throws Exception {
		assertRefused(handshake("/refuse/" + how), status);
	}

	@Test
	void theEntityOfARefusalIsTheAnswer() throws Exception {
		try (Peer peer = handshake("/refuse/entity").send()) {
			assertThat(peer.header("why")).isEqualTo("because");
			assertThat(peer.header("upgrade")).isNull();
		}
	}

	@Test
	void aPlainRequestIsToldToUpgrade() throws Exception {
		try (Peer page = Request.plain(application().port(), "/refuse/exception?run=" + name()).send()) {
			assertThat(page.status()).isEqualTo(426);
			assertThat(page.header("upgrade")).isEqualToIgnoringCase("websocket");
		}
		assertThat(run().hasHeardNothing()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "short", "dGhlIHNhbXBsZSBub25jZQ", "!!!!!!!!!!!!!!!!!!!!!!==",
			"dGhlIHNhbXBsZSBub25jZWRuZXNz" })
	void aKeyThatIsNoneIsRefused(String key) throws Exception {
		assertRefused(handshake("/collect").with("Sec-WebSocket-Key", key), 400);
	}

	@Test
	void aHandshakeWithoutAKeyIsRefused() throws Exception {
		assertRefused(handshake("/collect").without("Sec-WebSocket-Key"), 400);
	}

	@Test
	void aHandshakeWithTwoKeysIsRefused() throws Exception {
		assertRefused(handshake("/collect").header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), 400);
	}

	@Test
	void aHandshakeWithoutConnectionUpgradeIsRefused() throws Exception {
		assertRefused(handshake("/collect").with("Connection", "keep-alive"), 400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "8", "12", "14", "013", "thirteen" })
	void anotherVersionIsToldTheRightOne(String version) throws Exception {
		try (Peer peer = handshake("/collect").with("Sec-WebSocket-Version", version).send()) {
			assertThat(peer.status()).isEqualTo(426);
			assertThat(peer.header("sec-websocket-version")).isEqualTo("13");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "PUT", "DELETE", "HEAD" })
	void anotherMethodIsRefused(String method) throws Exception {
		assertRefused(handshake("/collect").method(method), 405);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://localhost", "http://localhost:1", "https://localhost:%d", "http://127.0.0.1:%d",
			"http://example.org", "http://localhost:%d.example.org", "null", "garbage", "http://", "",
			"http://localhost:%d/path", "http://user@localhost:%d", "http://localhost:%d http://localhost:%d" })
	void foreignAndMalformedOriginsAreRefused(String origin) throws Exception {
		assertRefused(handshake("/collect").header("Origin", origin.replace("%d", "" + application().port())), 403);
	}

	@Test
	void twoOriginsAreRefused() throws Exception {
		String origin = "http://localhost:" + application().port();
		assertRefused(handshake("/collect").header("Origin", origin).header("Origin", origin), 403);
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://example.org", "http://chat.example.org", "https://chat.example.org:81",
			"https://chat.example.org.evil.net", "http://example.net" })
	void originsThatAreNotQuiteListedAreRefused(String origin) throws Exception {
		assertRefused(handshake("/origins").header("Origin", origin), 403);
	}

	@Test
	void aRequiredSubprotocolIsDemanded() throws Exception {
		assertRefused(handshake("/subprotocols/required"), 400);
		assertRefused(handshake("/subprotocols/required").header("Sec-WebSocket-Protocol", "v1.chat"), 400);
		assertThat(run().hasHeardNothing()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "permessage-deflate; x=\"", "\"", "a b", "permessage-deflate; =1" })
	void extensionsThatCannotBeReadAreRefused(String extensions) throws Exception {
		assertRefused(handshake("/collect").header("Sec-WebSocket-Extensions", extensions), 400);
	}

	@Test
	void thoseWhoAreNotAuthenticatedAreRefused() throws Exception {
		assertRefused(handshake("/secure/room"), 401);
		assertRefused(handshake("/secure/room").header("Authorization", HandshakeTests.basic("wrong")), 401);
	}

	@Test
	void filtersAndInterceptorsRefuse() throws Exception {
		assertRefused(request("/collect?refused=filter&run=" + name()), 410);
		assertRefused(request("/collect?refused=interceptor&run=" + name()), 409);
	}

	@Test
	void argumentsThatDoNotConvertAreRefused() throws Exception {
		assertRefused(request("/arguments/seven?query=asked&run=" + name()).header("Custom", "header")
			.header("Cookie", "biscuit=crumbs"), 400);
		assertRefused(request("/arguments/7?run=" + name()), 400);
	}

	@Test
	void aPathThatIsNoneIsNotFound() throws Exception {
		assertRefused(handshake("/nowhere"), 404);
	}

}
