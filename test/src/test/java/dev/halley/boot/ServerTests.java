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
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

import dev.halley.boot.LiveApplication.Heard;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.test.LiveClient;
import dev.halley.test.LiveClients;

import static dev.halley.test.HalleyAssertions.assertThat;
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

	@Autowired
	private LiveClients clients;

	@BeforeEach
	void forget() {
		this.heard.words().clear();
	}

	@AfterEach
	void noConnectionIsLeft() {
		Awaitility.await().untilAsserted(() -> assertThat(this.registry.all()).isEmpty());
	}

	private LiveClient<String, String> connect(String path) {
		return this.clients.webSocket(path);
	}

	private LiveClients as(String user) {
		return this.clients.withHeader("Authorization",
				"Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.US_ASCII)));
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
		connect("/hello").expect("Hello!").vanish();
		assertThat(this.heard.words().poll(30, TimeUnit.SECONDS)).isEqualTo("Disconnected");
	}

	@Test
	@SuppressWarnings("rawtypes")
	void textComesBackAsTextAndBytesAsBytes() {
		this.clients.webSocket("/echo", WebSocketMessage.class, WebSocketMessage.class)
			.sendText("Grüße")
			.sendBinary(new byte[5])
			.expect(new TextMessage("Grüße"))
			.expect(new BinaryMessage(new byte[5]))
			.close(CloseStatus.NORMAL)
			.expectClose(new CloseStatus(1000, ""));
	}

	@Test
	void messagesUpToTheLimitAreTaken() {
		connect("/echo").send("x".repeat(65536)).expect("x".repeat(65536)).send("x".repeat(65537)).expectClose(1009);
	}

	@Test
	void whatIsSaidInARoomReachesAllInJson() {
		LiveClient<String, String> elsewhere = connect("/rooms/two?name=Eve");
		elsewhere.send("{\"text\":\"Alone\"}").expect("{\"from\":\"Eve\",\"text\":\"Alone\"}");
		LiveClient<String, String> ada = connect("/rooms/one?name=Ada");
		ada.send("{\"text\":\"Hi\"}").expect("{\"from\":\"Ada\",\"text\":\"Hi\"}");
		LiveClient<String, String> bob = connect("/rooms/one?name=Bob");
		bob.send("{\"text\":\"Hi yourself\"}").expect("{\"from\":\"Bob\",\"text\":\"Hi yourself\"}");
		ada.expect("{\"from\":\"Bob\",\"text\":\"Hi yourself\"}").send("{\"text\":\"Bye\"}");
		bob.expect("{\"from\":\"Ada\",\"text\":\"Bye\"}");
		elsewhere.send("{\"text\":\"Still\"}").expect("{\"from\":\"Eve\",\"text\":\"Still\"}").close();
		ada.close();
		bob.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{", "[1, \"two\"]", "no JSON", "{\"count\":1}" })
	void jsonThatCannotBeReadClosesWithAShortReason(String text) {
		connect("/sums").send("[1,2,3]")
			.expect("6")
			.send(text)
			.expectClose(CloseStatus.NOT_ACCEPTABLE.withReason("unreadable message"));
	}

	@Test
	void aFrameOfTheWrongTypeClosesTheConnection() {
		connect("/sums").sendBinary(new byte[] { 1 }).expectClose(1003);
	}

	@Test
	void aMessageThatIsNotValidClosesTheConnection() {
		connect("/strict").send("{\"text\":\"fine\"}")
			.send("{\"text\":\"\"}")
			.expectClose(CloseStatus.POLICY_VIOLATION.withReason("invalid message"));
		assertThat(this.heard.words()).containsExactly("fine");
	}

	@Test
	void exceptionHandlersAnswerAndTheNextMessageIsHandled() {
		connect("/failing").send("argument")
			.send("state")
			.send("argument")
			.expect("controller: argument")
			.expect("advice: state")
			.expect("controller: argument")
			.close();
	}

	@Test
	void exceptionHandlersCloseWithTheStatusTheyReturn() {
		connect("/failing").send("close").expectClose(new CloseStatus(4001, "as you like"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "otherwise", "recursion" })
	void aFailureThatNobodyHandlesClosesWithoutAReason(String how) {
		connect("/failing").send(how).expectClose(new CloseStatus(1011, ""));
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
		LiveClient<String, String> client = connect("/endless").expect("tick").send("stop");
		assertThat(this.heard.words().poll(30, TimeUnit.SECONDS)).isEqualTo("stop");
		client.close();
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
		assertThat(this.clients.withOrigin("https://example.org").refusal("/echo")).hasStatus(403);
		this.clients.withOrigin("http://localhost:" + this.port).webSocket("/echo").close();
	}

	@Test
	void methodSecurityRefusesTheHandshake() {
		assertThat(this.clients.refusal("/guarded")).hasStatus(401);
		assertThat(as("bob").refusal("/guarded")).hasStatus(403);
		as("ada").webSocket("/guarded").expect("Hello, ada").close();
	}

	@Test
	void theSessionIsThatOfTheApplication() throws Exception {
		assertThat(this.clients.refusal("/session")).hasStatus(400);
		String cookie = get("/login").headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", "");
		this.clients.withHeader("Cookie", cookie).webSocket("/session").expect("Neptune").close();
	}

	@Test
	void okHttpIsUnderstoodWithItsCompression() throws Exception {
		BlockingQueue<String> texts = new LinkedBlockingQueue<>();
		OkHttpClient client = new OkHttpClient.Builder().minWebSocketMessageToCompress(0).build();
		WebSocket socket = client
			.newWebSocket(new Request.Builder().url("ws://localhost:" + this.port + "/echo").build(), listener(texts));
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

	private HttpResponse<String> get(String path) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path)).build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
	}

}
