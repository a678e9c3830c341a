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

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.CloseStatus;

import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.Logins;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The end of a login, by a session or by a token, is the end of its connections. The
 * native engine closes in the same way with loops and without.
 */
@ParameterizedClass
@EnumSource(mode = Mode.EXCLUDE, names = "TOMCAT_NATIVE")
class LoginTests {

	private static final String FORM = "application/x-www-form-urlencoded";

	private static final String EVENTS = "Accept: text/event-stream";

	private static final String HTML = "Accept: text/html";

	private static final String UPGRADE = "Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Version: 13"
			+ "|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

	private static ServletWebServerApplicationContext context;

	@Parameter
	private Server server;

	@BeforeParameterizedClassInvocation
	static void start(Server server) {
		context = server.start(LoginApplication.class, "halley.security.token-grace=0s",
				"halley.security.token-subprotocol=bearer.",
				"halley.security.token-subprotocol-paths=/jwt/account,/jwt/chat,/jwt/late,/jwt/handler",
				"halley.sse.heartbeat=1s", "halley.comet.heartbeat=1s");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	@AfterEach
	void nothingIsLeft() {
		context.getBean(ConnectionRegistry.class).all().forEach((left) -> left.close(CloseStatus.GOING_AWAY));
		await().until(() -> context.getBean(ConnectionRegistry.class).reserved() == 0);
		assertThat(context.getBean(Logins.class).size()).as("left on " + this.server).isZero();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30));
	}

	private static String cookie(RawStream answer) {
		List<String> cookies = answer.headers().getOrEmpty(HttpHeaders.SET_COOKIE);
		return cookies.get(cookies.size() - 1).split(";")[0];
	}

	private static String sessionOfNobody() throws IOException {
		try (RawStream answer = RawStream.get(Server.port(context), "/start")) {
			return cookie(answer);
		}
	}

	private static String logIn(String... headers) throws IOException {
		return logInAs("/login", "ada", headers);
	}

	private static String logInAs(String path, String user, String... headers) throws IOException {
		try (RawStream answer = RawStream.post(Server.port(context), path, FORM,
				"username=" + user + "&password=secret", headers)) {
			assertThat(answer.headers().getFirst(HttpHeaders.LOCATION)).doesNotContain("error");
			return cookie(answer);
		}
	}

	private static void post(String path, String cookie) throws IOException {
		try (RawStream answer = RawStream.post(Server.port(context), path, FORM, "", "Cookie: " + cookie)) {
			assertThat(answer.status()).isBetween(200, 399);
		}
	}

	private static TestClient connect(String path, String... headers) throws InterruptedException {
		TestClient client = TestClient.connect(Server.url(context, path), headers);
		assertThat(client.next()).startsWith("hello ");
		return client;
	}

	private static RawStream stream(String path, String accept, String header) throws IOException {
		RawStream stream = RawStream.get(Server.port(context), path, accept, header);
		stream.until("hello ");
		return stream;
	}

	private static void assertEnds(RawStream stream) throws IOException {
		String rest = String.join("", stream.chunks());
		// A browser is to come again, and to be told by the answer
		assertThat(rest).doesNotContain("id:");
		stream.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/logout", "/invalidate" })
	void connectionsEndWithTheirSession(String end) throws Exception {
		String cookie = logIn();
		TestClient socket = connect("/account", "Cookie", cookie);
		RawStream events = stream("/account", EVENTS, "Cookie: " + cookie);
		RawStream comet = stream("/account", HTML, "Cookie: " + cookie);
		TestClient other = connect("/account", "Cookie", logIn());
		post(end, cookie);
		// Tomcat's own WebSocket says so in its own words
		assertThat(socket.next()).matches("closed 1008 .*session.* ended.*");
		assertEnds(events);
		assertEnds(comet);
		try (RawStream again = RawStream.get(Server.port(context), "/account", EVENTS, "Cookie: " + cookie)) {
			assertThat(again.status()).isEqualTo(401);
		}
		await().until(() -> context.getBean(ConnectionRegistry.class).size() == 1);
		assertThat(context.getBean(ConnectionRegistry.class).all()).allMatch(Connection::isOpen);
		other.abort();
	}

	@Test
	void connectionsFollowASessionThatGetsAnotherIdByALogin() throws Exception {
		String anonymous = sessionOfNobody();
		TestClient socket = connect("/open", "Cookie", anonymous);
		String cookie = logIn("Cookie: " + anonymous);
		assertThat(cookie).isNotEqualTo(anonymous);
		assertThat(context.getBean(ConnectionRegistry.class).all()).hasSize(1)
			.allSatisfy((connection) -> assertThat(connection.isOpen()).isTrue());
		post("/logout", cookie);
		assertThat(socket.next()).isEqualTo("closed 1008 session ended");
	}

	@Test
	void connectionsOfTheFormerUserEndWhenAnotherLogsInWithTheirSession() throws Exception {
		String cookie = logIn();
		TestClient ada = connect("/account", "Cookie", cookie);
		TestClient nobody = connect("/jwt/account", HttpHeaders.AUTHORIZATION,
				"Bearer " + LoginApplication.jwt("ada", Instant.now().plusSeconds(300)));
		cookie = logInAs("/login", "eve", "Cookie: " + cookie);
		assertThat(ada.next()).isEqualTo("closed 1008 session ended");
		TestClient eve = connect("/account", "Cookie", cookie);
		cookie = logInAs("/login", "eve", "Cookie: " + cookie);
		await().until(() -> context.getBean(ConnectionRegistry.class).size() == 2);
		assertThat(context.getBean(ConnectionRegistry.class).all()).allMatch(Connection::isOpen);
		post("/logout", cookie);
		assertThat(eve.next()).matches("closed 1008 .*session.* ended.*");
		nobody.abort();
	}

	@Test
	void connectionsEndWithASessionThatALoginReplaces() throws Exception {
		String anonymous = sessionOfNobody();
		TestClient socket = connect("/open", "Cookie", anonymous);
		logInAs("/replacing/login", "ada", "Cookie: " + anonymous);
		assertThat(socket.next()).isEqualTo("closed 1008 session ended");
	}

	@Test
	void noSessionIsStarted() throws Exception {
		try (RawStream answer = RawStream.get(Server.port(context), "/open", UPGRADE.split("\\|"))) {
			assertThat(answer.status()).isEqualTo(101);
			assertThat(answer.headers().getOrEmpty(HttpHeaders.SET_COOKIE)).isEmpty();
		}
	}

	@Test
	void connectionsEndWithTheirToken() throws Exception {
		Instant soon = Instant.now().plusSeconds(2);
		String jwt = LoginApplication.jwt("ada", soon);
		String bearer = "Bearer " + jwt;
		TestClient socket = connect("/jwt/account", HttpHeaders.AUTHORIZATION, bearer);
		TestClient opaque = connect("/opaque/account", HttpHeaders.AUTHORIZATION,
				"Bearer " + LoginApplication.opaque("ada", soon));
		TestClient subprotocol = connect("/jwt/account", "Sec-WebSocket-Protocol", "bearer." + jwt);
		RawStream events = stream("/jwt/account", EVENTS, "Authorization: " + bearer);
		RawStream comet = stream("/jwt/account", HTML, "Authorization: " + bearer);
		for (TestClient client : List.of(socket, opaque, subprotocol)) {
			assertThat(client.next()).isEqualTo("closed 1008 token expired");
		}
		assertEnds(events);
		assertEnds(comet);
	}

	@Test
	void aFreshTokenMovesTheEnd() throws Exception {
		String token = LoginApplication.jwt("ada", Instant.now().plusSeconds(2));
		TestClient socket = TestClient.connect(Server.url(context, "/jwt/renew"), HttpHeaders.AUTHORIZATION,
				"Bearer " + token);
		TestClient other = TestClient.connect(Server.url(context, "/jwt/renew"), HttpHeaders.AUTHORIZATION,
				"Bearer " + token);
		String fresh = LoginApplication.jwt("ada", Instant.now().plusSeconds(300));
		assertThat(socket.send(fresh).next()).isEqualTo("renewed true");
		assertThat(other.next()).isEqualTo("closed 1008 token expired");
		assertThat(socket.send(fresh).next()).isEqualTo("renewed true");
	}

	@Test
	void aFreshOpaqueTokenIsVerifiedToo() throws Exception {
		Instant later = Instant.now().plusSeconds(300);
		TestClient socket = TestClient.connect(Server.url(context, "/opaque/renew"), HttpHeaders.AUTHORIZATION,
				"Bearer " + LoginApplication.opaque("ada", later));
		assertThat(socket.send(LoginApplication.opaque("ada", later)).next()).isEqualTo("renewed true");
	}

	@ParameterizedTest
	@ValueSource(strings = { "client", "nameless" })
	void aTokenOfNobodyIsTakenAndRenewedByNone(String nobody) throws Exception {
		Instant later = Instant.now().plusSeconds(300);
		String token = LoginApplication.opaque(nobody, later);
		connect("/opaque/account", HttpHeaders.AUTHORIZATION, "Bearer " + token);
		for (String fresh : List.of(token, LoginApplication.opaque("ada", later))) {
			TestClient socket = TestClient.connect(Server.url(context, "/opaque/renew"), HttpHeaders.AUTHORIZATION,
					"Bearer " + token);
			assertThat(socket.send(fresh).next()).isEqualTo("closed 1008 token refused");
		}
	}

	@Test
	void aTokenThatIsNotTheUsersEndsTheConnection() throws Exception {
		Instant later = Instant.now().plusSeconds(300);
		String issuer = "https://evil.example.com";
		for (String token : List.of(LoginApplication.jwt("eve", later), LoginApplication.jwt(issuer, "ada", later),
				LoginApplication.jwt("ada", Instant.now().minusSeconds(300)), "none",
				LoginApplication.opaque("eve", later))) {
			TestClient socket = TestClient.connect(Server.url(context, "/jwt/renew"), HttpHeaders.AUTHORIZATION,
					"Bearer " + LoginApplication.jwt("ada", later));
			assertThat(socket.send(token).next()).as(token).isEqualTo("closed 1008 token refused");
		}
	}

	@Test
	void aSessionIsNotRenewedByAToken() throws Exception {
		TestClient socket = TestClient.connect(Server.url(context, "/renew"), "Cookie", logIn());
		String token = LoginApplication.jwt("ada", Instant.now().plusSeconds(300));
		assertThat(socket.send(token).next()).isEqualTo("closed 1008 token refused");
	}

	@Test
	void aTokenComesAsASubprotocol() throws Exception {
		String token = LoginApplication.jwt("ada", Instant.now().plusSeconds(300));
		TestClient socket = connect("/jwt/chat", "Sec-WebSocket-Protocol", "chat, bearer." + token);
		assertThat(socket.next()).isEqualTo("offered chat");
		assertThat(socket.next()).containsIgnoringCase("sec-websocket-protocol").containsIgnoringCase("authorization");
		connect("/jwt/late", "Sec-WebSocket-Protocol", "bearer." + token + ", chat");
	}

	@Test
	void aTokenIsNotAnswered() throws Exception {
		String token = "bearer." + LoginApplication.jwt("ada", Instant.now().plusSeconds(300));
		assertThat(handshake("/jwt/chat", "chat, " + token)).isEqualTo("101 [chat]");
		assertThat(handshake("/jwt/chat", token + ",other|Sec-WebSocket-Protocol: chat")).isEqualTo("101 [chat]");
		assertThat(handshake("/jwt/chat", token)).isEqualTo("101 []");
		assertThat(handshake("/jwt/account", "chat, " + token)).isEqualTo("101 []");
		assertThat(handshake("/jwt/handler", "chat, " + token)).isEqualTo("101 []");
	}

	@Test
	void aTokenHasToBeOneAndValid() throws Exception {
		String token = "bearer." + LoginApplication.jwt("ada", Instant.now().plusSeconds(300));
		assertThat(handshake("/jwt/chat", "chat, bearer.none")).startsWith("401");
		assertThat(handshake("/jwt/chat", "chat, bearer.")).startsWith("401");
		assertThat(handshake("/jwt/chat", "chat, Bearer." + token.substring(7))).startsWith("401");
		assertThat(handshake("/jwt/chat", "chat, bearer.other, " + token)).startsWith("400");
		assertThat(handshake("/jwt/chat", "chat, " + token + "|Authorization: Bearer none")).startsWith("401");
	}

	@Test
	void onlyHandshakesBringATokenAsASubprotocol() throws Exception {
		String token = "bearer." + LoginApplication.jwt("ada", Instant.now().plusSeconds(300));
		try (RawStream answer = RawStream.get(Server.port(context), "/jwt/account", EVENTS,
				"Sec-WebSocket-Protocol: " + token)) {
			assertThat(answer.status()).isEqualTo(401);
		}
		for (String missing : List.of("Sec-WebSocket-Key", "Sec-WebSocket-Version")) {
			String[] headers = (UPGRADE + "|Sec-WebSocket-Protocol: " + token).split("\\|");
			try (RawStream answer = RawStream.get(Server.port(context), "/jwt/account",
					Stream.of(headers).filter((header) -> !header.startsWith(missing)).toArray(String[]::new))) {
				assertThat(answer.status()).as("without " + missing).isEqualTo(401);
			}
		}
	}

	@Test
	void onlySomePathsTakeATokenAsASubprotocol() throws Exception {
		String token = "bearer." + LoginApplication.jwt("ada", Instant.now().plusSeconds(300));
		assertThat(handshake("/jwt/account", token)).startsWith("101");
		assertThat(handshake("/jwt/ignored", token)).startsWith("401");
	}

	@Test
	void springsOwnHandlersDoNotSeeTheToken() throws Exception {
		String token = LoginApplication.jwt("ada", Instant.now().plusSeconds(300));
		TestClient socket = TestClient.connect(Server.url(context, "/jwt/handler"), "Sec-WebSocket-Protocol",
				"chat, bearer." + token);
		assertThat(socket.next()).contains("ada").doesNotContain("bearer.");
		socket.abort();
	}

	private static String handshake(String path, String protocols) throws IOException {
		String headers = UPGRADE + "|Sec-WebSocket-Protocol: " + protocols;
		try (RawStream answer = RawStream.get(Server.port(context), path, headers.split("\\|"))) {
			return answer.status() + " " + answer.headers().getOrEmpty("Sec-WebSocket-Protocol");
		}
	}

}
