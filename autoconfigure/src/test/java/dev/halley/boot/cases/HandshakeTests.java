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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Handshakes that are accepted, and what is in them.
 */
abstract class HandshakeTests extends CaseTests {

	private Request handshake(String path) {
		return request(path);
	}

	private void assertAccepted(Request request, String firstFrame) throws IOException {
		try (Peer peer = request.send()) {
			assertThat(peer.status()).isEqualTo(101);
			assertThat(peer.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
			assertThat(peer.next()).isEqualTo(firstFrame);
			peer.send(Frame.close(1000, ""));
			assertThat(peer.next()).isEqualTo("close 1000");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "mono", "stage", "callable", "out" })
	void aPairMayComeLaterAndInParts(String how) throws Exception {
		assertAccepted(handshake("/accept/" + how), "text hello");
	}

	@Test
	void anInMayComeAlone() throws Exception {
		try (Peer peer = handshake("/accept/in").send(Frame.text("hi"), Frame.close(1000, ""))) {
			assertThat(run().next()).isEqualTo("hi");
			assertThat(peer.next()).isEqualTo("close 1000");
		}
	}

	@Test
	void headersAndCookiesOfTheApplicationAreInTheAnswer() throws Exception {
		try (Peer peer = handshake("/accept/entity").send(Frame.close(1000, ""))) {
			assertThat(peer.status()).isEqualTo(101);
			assertThat(peer.header("custom")).isEqualTo("kept");
			assertThat(peer.header("set-cookie")).isEqualTo("one=1, two=2");
			assertThat(peer.header("connection")).isEqualToIgnoringCase("upgrade");
			assertThat(peer.header("upgrade")).isEqualToIgnoringCase("websocket");
			assertThat(peer.header("content-length")).isIn(null, "0");
			assertThat(peer.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
			assertThat(peer.header("sec-websocket-protocol")).isNull();
			assertThat(peer.header("sec-websocket-extensions")).isNull();
			assertThat(List.of(peer.next(), peer.next())).containsExactly("text hello", "close 1000");
		}
	}

	@ParameterizedTest
	@CsvSource({ "'v1.chat, v2.chat',v2.chat", "'v3.chat,v1.chat',v1.chat", "v3.chat,", "V2.CHAT," })
	void theFirstSubprotocolOfTheEndpointThatIsOfferedIsChosen(String offered, String chosen) throws Exception {
		try (Peer peer = handshake("/subprotocols").header("Sec-WebSocket-Protocol", offered)
			.send(Frame.close(1000, ""))) {
			assertThat(peer.status()).isEqualTo(101);
			assertThat(peer.header("sec-websocket-protocol")).isEqualTo(chosen);
			assertThat(List.of(peer.next(), peer.next())).containsExactly("text " + chosen, "close 1000");
		}
	}

	@Test
	void aClientThatOffersNoSubprotocolGetsNone() throws Exception {
		try (Peer peer = handshake("/subprotocols").send(Frame.close(1000, ""))) {
			assertThat(peer.header("sec-websocket-protocol")).isNull();
			assertThat(List.of(peer.next(), peer.next())).containsExactly("text null", "close 1000");
		}
	}

	@Test
	void theMethodGetsWhatTheRequestHas() throws Exception {
		String cookie;
		try (Peer page = Request.plain(application().port(), "/log-in").send()) {
			cookie = page.header("set-cookie").replaceAll(";.*", "");
		}
		assertAccepted(request("/arguments/7?query=asked&run=" + name()).header("Custom", "header")
			.header("Cookie", "biscuit=crumbs; " + cookie)
			.header("Accept-Language", "de-CH"), "text 7 asked header crumbs Neptune de-CH Hello");
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://localhost:%d", "HTTP://LOCALHOST:%d" })
	void pagesOfTheApplicationMayConnect(String origin) throws Exception {
		assertAccepted(handshake("/a-open").header("Origin", origin.formatted(application().port())), "text a");
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://chat.example.org", "https://a.b.example.org", "http://example.net:81" })
	void pagesThatAreListedMayConnect(String origin) throws Exception {
		assertAccepted(handshake("/origins").header("Origin", origin), "text hello");
	}

	@Test
	void anotherHandlerOnThePathAnswersPlainRequests() throws Exception {
		try (Peer page = Request.plain(application().port(), "/plain-too").send()) {
			assertThat(page.status()).isEqualTo(200);
		}
		assertAccepted(handshake("/plain-too"), "text hello");
	}

	@Test
	void theUserIsThatOfTheRequest() throws Exception {
		assertAccepted(handshake("/secure/room").header("Authorization", basic("secret")), "text ada");
	}

	@Test
	void eachUserMayHaveSoManyConnections() throws Exception {
		List<Peer> peers = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			peers.add(request("/secure/room", newName()).header("Authorization", basic("secret")).send());
		}
		assertThat(peers).extracting(Peer::status).containsOnly(101);
		try (Peer refused = handshake("/secure/room").header("Authorization", basic("secret")).send()) {
			assertThat(refused.status()).isEqualTo(503);
		}
		for (Peer peer : peers) {
			peer.vanish();
		}
		await().until(() -> application().registry().size() == 0);
		assertAccepted(handshake("/secure/room").header("Authorization", basic("secret")), "text ada");
	}

	@Test
	void eachAddressMayHaveSoManyConnections() throws Exception {
		List<Peer> peers = new ArrayList<>();
		for (int i = 0; i < 64; i++) {
			peers.add(request("/collect", newName()).send());
		}
		assertThat(peers).extracting(Peer::status).containsOnly(101);
		try (Peer refused = handshake("/collect").send()) {
			assertThat(refused.status()).isEqualTo(503);
		}
		for (Peer peer : peers) {
			peer.vanish();
		}
	}

	static String basic(String password) {
		return "Basic " + Base64.getEncoder().encodeToString(("ada:" + password).getBytes(StandardCharsets.US_ASCII));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anOfferOfCompressionIsTakenUnlessAFilterHidesIt(boolean hidden) throws Exception {
		try (Peer peer = request(hidden ? "/collect?extensions=hidden" : "/collect")
			.header("Sec-WebSocket-Extensions", "permessage-deflate")
			.send()) {
			assertThat(peer.status()).isEqualTo(101);
			assertThat(peer.header("sec-websocket-extensions") == null).isEqualTo(hidden);
			peer.closeInGoodOrder();
		}
	}

}
