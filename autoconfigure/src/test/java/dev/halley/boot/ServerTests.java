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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import dev.halley.boot.LiveApplication.Heard;
import dev.halley.connection.ConnectionRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds on each server with each engine, from the annotation to the wire.
 */
@SpringBootTest(classes = LiveApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
abstract class ServerTests {

	private static final String HELLO = "81 06 48 65 6c 6c 6f 21";

	private static final String NORMAL_CLOSE = "88 02 03 e8";

	/** With a mask of zeros. */
	private static final String CLIENTS_HI = "81 82 00 00 00 00 48 69";

	private static final String CLIENTS_NORMAL_CLOSE = "88 82 00 00 00 00 03 e8";

	@LocalServerPort
	private int port;

	@Autowired
	private ConnectionRegistry registry;

	@Autowired
	private Heard heard;

	@BeforeEach
	void forget() {
		this.heard.words().clear();
	}

	@AfterEach
	void noConnectionIsLeft() {
		Awaitility.await().untilAsserted(() -> assertThat(this.registry.all()).isEmpty());
	}

	private String url(String path) {
		return "ws://localhost:" + this.port + path;
	}

	private TestClient connect(String path, String... headers) {
		return TestClient.connect(url(path), headers);
	}

	@Test
	void helloIsSaidByteForByteAndTheSocketStaysOpen() throws Exception {
		try (RawClient client = new RawClient(this.port)) {
			assertThat(client.handshake("/hello")).startsWith("HTTP/1.1 101")
				.containsIgnoringCase("\r\nUpgrade: websocket\r\n")
				.containsIgnoringCase("\r\nConnection: upgrade\r\n")
				.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
				.doesNotContain("Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol");
			assertThat(client.read(8)).isEqualTo(HELLO);
			client.send(CLIENTS_HI);
			assertThat(this.heard.words().poll(30, TimeUnit.SECONDS)).isEqualTo("Hi");
			client.send(CLIENTS_NORMAL_CLOSE);
			assertThat(client.read(5)).isEqualTo(NORMAL_CLOSE);
			assertThat(this.heard.words().poll(30, TimeUnit.SECONDS)).isEqualTo("Disconnected");
		}
	}

	@Test
	void byeIsSaidByteForByteAndTheSocketCloses() throws Exception {
		try (RawClient client = new RawClient(this.port)) {
			client.handshake("/bye");
			assertThat(client.read(12)).isEqualTo(HELLO + " " + NORMAL_CLOSE);
			client.send(CLIENTS_NORMAL_CLOSE);
			assertThat(client.read(1)).isEmpty();
		}
	}

	@Test
	void aClientThatVanishesIsNoticed() throws Exception {
		TestClient client = connect("/hello");
		assertThat(client.next()).isEqualTo("Hello!");
		client.abort();
		assertThat(this.heard.words().poll(30, TimeUnit.SECONDS)).isEqualTo("Disconnected");
	}

	@Test
	void textComesBackAsTextAndBytesAsBytes() throws Exception {
		TestClient client = connect("/echo").send("Grüße").send(new byte[5]);
		assertThat(client.next()).isEqualTo("Grüße");
		assertThat(client.next()).isEqualTo("5 bytes");
		assertThat(client.close().next()).isEqualTo("closed 1000");
	}

	@Test
	void messagesUpToTheLimitAreTaken() throws Exception {
		TestClient client = connect("/echo").send("x".repeat(65536));
		assertThat(client.next()).hasSize(65536);
		client.send("x".repeat(65537));
		assertThat(client.next()).startsWith("closed 1009");
	}

	@Test
	void whatIsSaidInARoomReachesAllInJson() throws Exception {
		TestClient ada = connect("/rooms/one?name=Ada");
		TestClient bob = connect("/rooms/one?name=Bob");
		TestClient elsewhere = connect("/rooms/two?name=Eve");
		Awaitility.await().until(() -> this.registry.size() == 3);
		ada.send("{\"text\":\"Hi\"}");
		assertThat(ada.next()).isEqualTo("{\"from\":\"Ada\",\"text\":\"Hi\"}");
		assertThat(bob.next()).isEqualTo("{\"from\":\"Ada\",\"text\":\"Hi\"}");
		bob.send("{\"text\":\"Hi yourself\"}");
		assertThat(ada.next()).isEqualTo("{\"from\":\"Bob\",\"text\":\"Hi yourself\"}");
		elsewhere.send("{\"text\":\"Alone\"}");
		assertThat(elsewhere.next()).isEqualTo("{\"from\":\"Eve\",\"text\":\"Alone\"}");
		ada.close();
		bob.close();
		elsewhere.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{", "[1, \"two\"]", "no JSON", "{\"count\":1}" })
	void jsonThatCannotBeReadClosesWithAShortReason(String text) throws Exception {
		TestClient client = connect("/sums").send("[1,2,3]");
		assertThat(client.next()).isEqualTo("6");
		assertThat(client.send(text).next()).isEqualTo("closed 1003 unreadable message");
	}

	@Test
	void aFrameOfTheWrongTypeClosesTheConnection() throws Exception {
		assertThat(connect("/sums").send(new byte[] { 1 }).next()).startsWith("closed 1003");
	}

	@Test
	void aMessageThatIsNotValidClosesTheConnection() throws Exception {
		TestClient client = connect("/strict").send("{\"text\":\"fine\"}").send("{\"text\":\"\"}");
		assertThat(client.next()).isEqualTo("closed 1008 invalid message");
		assertThat(this.heard.words()).containsExactly("fine");
	}

	@Test
	void exceptionHandlersAnswerAndTheNextMessageIsHandled() throws Exception {
		TestClient client = connect("/failing").send("argument").send("state").send("argument");
		assertThat(client.next()).isEqualTo("controller: argument");
		assertThat(client.next()).isEqualTo("advice: state");
		assertThat(client.next()).isEqualTo("controller: argument");
		client.close();
	}

	@Test
	void exceptionHandlersCloseWithTheStatusTheyReturn() throws Exception {
		assertThat(connect("/failing").send("close").next()).isEqualTo("closed 4001 as you like");
	}

	@Test
	void aFailureThatNobodyHandlesClosesWithoutAReason() throws Exception {
		assertThat(connect("/failing").send("otherwise").next()).isEqualTo("closed 1011");
	}

	@Test
	void manyMessagesAtOnceComeBackFromARoom() throws Exception {
		String say = "81 8c 00 00 00 00 " + hex("{\"text\":\"a\"}");
		String said = "81 19 " + hex("{\"from\":\"ada\",\"text\":\"a\"}");
		try (RawClient client = new RawClient(this.port)) {
			client.handshake("/rooms/quick?name=ada");
			client.send(String.join(" ", Collections.nCopies(messagesAtOnce(), say)));
			assertThat(client.read(27 * messagesAtOnce()))
				.isEqualTo(String.join(" ", Collections.nCopies(messagesAtOnce(), said)));
		}
	}

	/**
	 * A container may write on a thread of its own, which nobody waits for: there, no
	 * more is safe than what the send buffer takes.
	 */
	int messagesAtOnce() {
		return 200;
	}

	private static String hex(String text) {
		return HexFormat.ofDelimiter(" ").formatHex(text.getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void anOutWithoutEndKeepsNobodyFromBeingHeard() throws Exception {
		TestClient client = connect("/endless");
		assertThat(client.next()).isEqualTo("tick");
		client.send("stop");
		assertThat(this.heard.words().poll(30, TimeUnit.SECONDS)).isEqualTo("stop");
		client.close();
	}

	@Test
	void aRecursionWithoutEndClosesTheConnection() throws Exception {
		assertThat(connect("/failing").send("recursion").next()).isEqualTo("closed 1011");
	}

	@Test
	void plainRequestsAreServedByTheMethodForThem() throws Exception {
		assertThat(get("/hello").body()).isEqualTo("Hello over HTTP!");
	}

	@Test
	void plainRequestsGet426WhereNobodyServesThem() throws Exception {
		HttpResponse<String> response = get("/bye");
		assertThat(response.statusCode()).isEqualTo(426);
		assertThat(response.headers().firstValue("Upgrade")).hasValue("websocket");
		assertThat(get("/nowhere").statusCode()).isEqualTo(404);
	}

	@Test
	void staticResourcesAreServedThough() throws Exception {
		assertThat(get("/rooms/file.txt").body()).isEqualToIgnoringNewLines("A file, and no room");
		assertThat(get("/rooms/none.txt").statusCode()).isEqualTo(426);
	}

	@Test
	void foreignOriginsAreRefused() {
		assertThat(TestClient.refusal(url("/echo"), "Origin", "https://example.org")).isEqualTo(403);
		assertThat(TestClient.refusal(url("/echo"), "Origin", "http://localhost:" + this.port)).isEqualTo(101);
	}

	@Test
	void methodSecurityRefusesTheHandshake() throws Exception {
		assertThat(TestClient.refusal(url("/guarded"))).isEqualTo(401);
		assertThat(TestClient.refusal(url("/guarded"), "Authorization", basic("bob"))).isEqualTo(403);
		TestClient client = connect("/guarded", "Authorization", basic("ada"));
		assertThat(client.next()).isEqualTo("Hello, ada");
		client.close();
	}

	@Test
	void theSessionIsThatOfTheApplication() throws Exception {
		assertThat(TestClient.refusal(url("/session"))).isEqualTo(400);
		String cookie = get("/login").headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", "");
		TestClient client = connect("/session", "Cookie", cookie);
		assertThat(client.next()).isEqualTo("Neptune");
		client.close();
	}

	@Test
	void okHttpIsUnderstoodWithItsCompression() throws Exception {
		BlockingQueue<String> texts = new LinkedBlockingQueue<>();
		OkHttpClient client = new OkHttpClient.Builder().minWebSocketMessageToCompress(0).build();
		WebSocket socket = client.newWebSocket(new Request.Builder().url(url("/echo")).build(), listener(texts));
		String text = "compressible ".repeat(500);
		socket.send(text);
		assertThat(texts.poll(30, TimeUnit.SECONDS)).isEqualTo(text);
		socket.close(1000, null);
		assertThat(texts.poll(30, TimeUnit.SECONDS)).isEqualTo("closed 1000");
		client.dispatcher().executorService().shutdown();
		client.connectionPool().evictAll();
	}

	private static WebSocketListener listener(BlockingQueue<String> texts) {
		return new WebSocketListener() {

			@Override
			public void onMessage(WebSocket webSocket, String text) {
				texts.add(text);
			}

			@Override
			public void onMessage(WebSocket webSocket, ByteString bytes) {
				texts.add(bytes.hex());
			}

			@Override
			public void onClosed(WebSocket webSocket, int code, String reason) {
				texts.add("closed " + code);
			}

			@Override
			public void onFailure(WebSocket webSocket, Throwable failure, Response response) {
				texts.add("failed " + failure);
			}

		};
	}

	private static String basic(String user) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.US_ASCII));
	}

	private HttpResponse<String> get(String path) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path)).build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
	}

}
