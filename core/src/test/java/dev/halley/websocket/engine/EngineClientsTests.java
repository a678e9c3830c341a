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
import java.nio.file.Path;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import org.apache.catalina.connector.Connector;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.socket.CloseStatus;

import dev.halley.Channel;
import dev.halley.connection.ConnectionSettings;
import dev.halley.websocket.engine.TestClients.Ability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Both engines with the clients that exist, over TLS, and on virtual threads.
 */
class EngineClientsTests {

	private static final int KEY_CHANGES = 1000;

	private static final Map<Engine, EngineServer> SERVERS = new EnumMap<>(Engine.class);

	private static final int LIMIT = 2 << 20;

	private static final int[] SIZES = { 0, 1, 125, 126, 1023, 1024, 5000, 65_535, 65_536, 1 << 20 };

	private static final String CHARACTERS = "aä€😀";

	@BeforeAll
	static void start() {
		for (Engine engine : Engine.values()) {
			SERVERS.put(engine,
					EngineServer.on(engine)
						.settings(ConnectionSettings.DEFAULT.withMaxMessageSize(LIMIT))
						.start(EngineEndpoints.class, PingingHandler.Configured.class));
		}
	}

	@AfterAll
	static void stop() {
		SERVERS.values().forEach(EngineServer::close);
	}

	static Stream<Arguments> clients() {
		return clients((engine, client) -> true);
	}

	static Stream<Arguments> clientsThatKeepTheirWord() {
		return clients((engine, client) -> client.mayCompressFor(engine));
	}

	static Stream<Arguments> clientsThatFragment() {
		return clients((engine, client) -> client.can(Ability.FRAGMENTS) && client.mayCompressFor(engine));
	}

	static Stream<Arguments> clientsThatPing() {
		return clients((engine, client) -> client.can(Ability.PINGS));
	}

	private static Stream<Arguments> clients(BiPredicate<Engine, TestClients> which) {
		return Stream.of(Engine.values())
			.flatMap((engine) -> Stream.of(TestClients.values())
				.filter((client) -> which.test(engine, client))
				.map((client) -> Arguments.of(engine, client)));
	}

	@ParameterizedTest
	@MethodSource("clientsThatKeepTheirWord")
	void messagesOfAllSizesComeBack(Engine engine, TestClients clients) throws Exception {
		EngineServer server = SERVERS.get(engine);
		try (TestClient client = clients.connect(server.url("/echo"))) {
			for (int size : SIZES) {
				String text = text(size);
				client.send(text);
				assertThat(client.next()).isEqualTo(text);
				byte[] bytes = bytes(size);
				client.send(bytes);
				assertThat(client.next()).isEqualTo(TestClient.describe(bytes));
			}
			client.close(CloseStatus.NORMAL);
			assertThat(client.next()).isEqualTo("close 1000");
		}
		await().until(() -> server.connections() == 0);
	}

	/** Text of a size in UTF-8. */
	private static String text(int size) {
		return CHARACTERS.repeat(size / 10) + "x".repeat(size % 10);
	}

	/** Bytes that do not get smaller by compression. */
	private static byte[] bytes(int size) {
		byte[] bytes = new byte[size];
		new Random(size).nextBytes(bytes);
		return bytes;
	}

	@ParameterizedTest
	@MethodSource("clients")
	void compressionIsAgreedOnWithClientsThatOfferIt(Engine engine, TestClients clients) throws Exception {
		try (TestClient client = clients.connect(SERVERS.get(engine).url("/echo"))) {
			// Tomcat declines a client that demands a window: its deflater has but one.
			boolean expected = clients.can(Ability.COMPRESSION) && (engine.isOurs() || !clients.can(Ability.WINDOWS));
			assertThat(client.extensions()).matches(expected ? "permessage-deflate.*" : "");
		}
	}

	@ParameterizedTest
	@EnumSource(names = "CONTAINER", mode = EnumSource.Mode.EXCLUDE)
	void theWindowThatAClientDemandsIsKept(Engine engine) throws Exception {
		String letters = new Random(10).ints(20_000, 'a', 'z')
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
		try (TestClient client = TestClients.WS_SMALL_WINDOWS.connect(SERVERS.get(engine).url("/echo"))) {
			client.send(letters + letters);
			assertThat(client.next()).isEqualTo(letters + letters);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "JETTY_DEFLATE", "TYRUS_DEFLATE" })
	void clientsThatReferToTheirEarlierMessagesAreUnderstood(TestClients clients) throws Exception {
		try (TestClient client = clients.connect(SERVERS.get(Engine.NATIVE).url("/echo"))) {
			for (int i = 0; i < 100; i++) {
				String text = text(100 + i * 100);
				client.send(text);
				assertThat(client.next()).isEqualTo(text);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("clientsThatFragment")
	void fragmentsBecomeOneMessage(Engine engine, TestClients clients) throws Exception {
		try (TestClient client = clients.connect(SERVERS.get(engine).url("/echo"))) {
			client.send("first");
			client.send("se", "", text(70_000), "co|nd");
			client.send("third");
			assertThat(client.next()).isEqualTo("first");
			assertThat(client.next()).isEqualTo("se" + text(70_000) + "co|nd");
			assertThat(client.next()).isEqualTo("third");
		}
	}

	@ParameterizedTest
	@MethodSource("clientsThatPing")
	void aClientsPingIsAnswered(Engine engine, TestClients clients) throws Exception {
		try (TestClient client = clients.connect(SERVERS.get(engine).url("/echo"))) {
			client.ping("ä".repeat(62));
			assertThat(client.next()).isEqualTo("pong " + "ä".repeat(62));
		}
	}

	@ParameterizedTest
	@MethodSource("clients")
	void aClientAnswersTheServersPing(Engine engine, TestClients clients) throws Exception {
		try (TestClient client = clients.connect(SERVERS.get(engine).url("/pings"))) {
			assertThat(client.next()).isEqualTo(PingingHandler.PAYLOAD);
		}
	}

	@ParameterizedTest
	@MethodSource("clientsThatKeepTheirWord")
	void manyMessagesComeBackInOrder(Engine engine, TestClients clients) throws Exception {
		try (TestClient client = clients.connect(SERVERS.get(engine).url("/echo"))) {
			for (int i = 0; i < 1000; i++) {
				client.send(i + text(3 * i));
			}
			for (int i = 0; i < 1000; i++) {
				assertThat(client.next()).isEqualTo(i + text(3 * i));
			}
		}
	}

	@ParameterizedTest
	@MethodSource("clients")
	void theServersCloseIsAClientsClose(Engine engine, TestClients clients) throws Exception {
		EngineServer server = SERVERS.get(engine);
		try (TestClient client = clients.connect(server.url("/bye"))) {
			assertThat(client.next()).isEqualTo("close 1000");
		}
		await().until(() -> server.connections() == 0);
	}

	@ParameterizedTest
	@MethodSource("clients")
	void theServersCodeAndReasonReachTheClient(Engine engine, TestClients clients) throws Exception {
		try (TestClient client = clients.connect(SERVERS.get(engine).url("/farewell"))) {
			assertThat(client.next()).isEqualTo("close 4001 bis später ✓");
		}
	}

	@ParameterizedTest
	@MethodSource("clients")
	void aClientsCodeAndReasonReachTheServer(Engine engine, TestClients clients) throws Exception {
		EngineServer server = SERVERS.get(engine);
		CloseStatus status = new CloseStatus(4002, "à bientôt " + clients);
		try (TestClient client = clients.connect(server.url("/ends"))) {
			client.close(status);
			assertThat(client.next()).startsWith("close 4002");
			await().until(() -> server.bean(EngineEndpoints.class).ends.contains(status));
		}
	}

	@ParameterizedTest
	@EnumSource
	void tlsCarriesBothEngines(Engine engine, @TempDir Path directory) throws Exception {
		Path keys = keys(directory);
		try (EngineServer server = EngineServer.on(engine)
			.connector((connector) -> encrypt(connector, keys))
			.start(EngineEndpoints.class); RawClient client = tls(server)) {
			client.send(Frames.utf8(RawClient.request("/echo")));
			client.send(Frames.masked(Frames.FIN_TEXT, "right behind"), Frames.masked(Frames.FIN_TEXT, "b"));
			client.send(Frames.masked(Frames.FIN_TEXT, "in its own record"));
			client.readHead();
			assertThat(Stream.of(client.next(), client.next(), client.next())).containsExactly("text right behind",
					"text b", "text in its own record");
			Thread sender = new Thread(() -> {
				for (int i = 0; i < 200; i++) {
					client.send(Frames.masked(Frames.FIN_BINARY, new byte[60_000 + i]));
				}
			});
			sender.start();
			for (int i = 0; i < 200; i++) {
				assertThat(client.next()).isEqualTo("binary " + (60_000 + i));
			}
			client.send(Frames.close(1000, ""));
			assertThat(List.of(client.next(), client.next())).containsExactly("close 1000", RawClient.END);
			await().until(() -> server.connections() == 0);
		}
	}

	/** The container's thread answers that, while another sends. */
	@ParameterizedTest
	@EnumSource(names = "CONTAINER", mode = EnumSource.Mode.EXCLUDE)
	void aPeerThatRenewsItsKeysOverAndOverGetsAll(Engine engine, @TempDir Path directory) throws Exception {
		Path keys = keys(directory);
		try (EngineServer server = EngineServer.on(engine)
			.connector((connector) -> encrypt(connector, keys))
			.start(EngineEndpoints.class); RawClient client = tls(server)) {
			client.send(Frames.utf8(RawClient.request("/flood")));
			client.readHead();
			List<Channel<byte[]>> channels = server.bean(EngineEndpoints.class).channels;
			await().until(() -> channels.size() == 1);
			Semaphore room = new Semaphore(100);
			Thread sender = new Thread(() -> {
				for (int i = 0; i < KEY_CHANGES; i++) {
					room.acquireUninterruptibly();
					channels.get(0).push(new byte[1000 + i]);
				}
			});
			sender.start();
			for (int i = 0; i < KEY_CHANGES; i++) {
				((SSLSocket) client.socket()).startHandshake();
				assertThat(client.next()).isEqualTo("binary " + (1000 + i));
				room.release();
			}
		}
	}

	private static Path keys(Path directory) throws IOException, InterruptedException {
		Path keys = directory.resolve("keys.p12");
		int status = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "tomcat", "-keyalg", "EC", "-dname", "CN=localhost", "-validity", "2",
				"-storepass", "changeit", "-keystore", keys.toString())
			.inheritIO()
			.start()
			.waitFor();
		assertThat(status).isZero();
		return keys;
	}

	private static void encrypt(Connector connector, Path keys) {
		SSLHostConfig host = new SSLHostConfig();
		SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(host,
				SSLHostConfigCertificate.Type.UNDEFINED);
		certificate.setCertificateKeystoreFile(keys.toString());
		certificate.setCertificateKeystorePassword("changeit");
		host.addCertificate(certificate);
		connector.setProperty("SSLEnabled", "true");
		connector.setScheme("https");
		connector.setSecure(true);
		connector.addSslHostConfig(host);
	}

	private static RawClient tls(EngineServer server)
			throws IOException, NoSuchAlgorithmException, KeyManagementException {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, new TrustManager[] { new TrustAll() }, new SecureRandom());
		return new RawClient(context.getSocketFactory().createSocket("localhost", server.port()));
	}

	@ParameterizedTest
	@EnumSource
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsRunBothEngines(Engine engine) throws Exception {
		Executor executor = (Executor) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		try (EngineServer server = EngineServer.on(engine)
			.connector((connector) -> connector.getProtocolHandler().setExecutor(executor))
			.start(EngineEndpoints.class); TestClient client = TestClients.JDK.connect(server.url("/echo"))) {
			for (int i = 0; i < 1000; i++) {
				client.send("m" + i);
			}
			for (int i = 0; i < 1000; i++) {
				assertThat(client.next()).isEqualTo("m" + i);
			}
			client.close(CloseStatus.NORMAL);
			assertThat(client.next()).isEqualTo("close 1000");
			await().until(() -> server.connections() == 0);
		}
	}

	private static final class TrustAll implements X509TrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
