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
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import dev.halley.Hub;
import dev.halley.Position;
import dev.halley.boot.RecoveryApplication.RecoveryController;
import dev.halley.boot.RecoveryApplication.Said;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who was cut off and comes back with the id of what it has seen last, on each server.
 */
@ParameterizedClass
@EnumSource(value = Server.class, names = { "TOMCAT_LOOPS", "TOMCAT_NATIVE", "JETTY" })
@Timeout(180)
class RecoveryTests {

	/** With 2,000 a measure, which takes a large limit of open files. */
	private static final int STREAMS = Integer.getInteger("recovery.streams", 200);

	private static final int BEHIND = 50;

	private static final String END = "the end";

	private static ServletWebServerApplicationContext context;

	@Parameter
	private Server server;

	private RecoveryController controller;

	@BeforeParameterizedClassInvocation
	static void start(Server server) {
		context = server.start(RecoveryApplication.class, "halley.sse.heartbeat=500ms", "halley.comet.heartbeat=500ms",
				"halley.limits.connections=10000", "halley.limits.per-address=10000");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
		Awaitility.await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> assertThat(registry.reserved()).isZero());
		context.close();
	}

	@BeforeEach
	void find() {
		this.controller = context.getBean(RecoveryController.class);
	}

	private EventSourceClient client(String path) {
		return new EventSourceClient(Server.port(context), path);
	}

	private static <T> String publish(Hub<T> hub, T message) {
		Position position = hub.publish(message).toCompletableFuture().getNow(null);
		assertThat(position).isNotNull();
		return position.toString();
	}

	@Test
	void theIdOfAnEventIsThePositionOfItsMessage() throws IOException {
		EventSourceClient client = client("/one").open().begun();
		String position = publish(this.controller.one, "a\nb");
		assertThat(client.next()).isEqualTo("a\nb");
		assertThat(client.lastEventId()).isEqualTo(position);
		client.close();
		publish(this.controller.one, "meanwhile");
		client.open();
		publish(this.controller.one, "later");
		assertThat(List.of(client.next(), client.next())).containsExactly("meanwhile", "later");
		client.close();
	}

	@Test
	void whoIsCutOffBeforeTheFirstMessageMissesNothing() throws IOException {
		EventSourceClient client = client("/one").open().begun();
		client.close();
		publish(this.controller.one, "meanwhile");
		assertThat(client.open().next()).isEqualTo("meanwhile");
		client.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/returned", "/emitted" })
	void ordinaryMethodsHaveIdsToo(String path) throws IOException {
		EventSourceClient client = client(path).open().begun();
		String position = publish(this.controller.other, new Said("hello"));
		assertThat(client.next()).isEqualTo("{\"text\":\"hello\"}");
		assertThat(client.lastEventId()).isEqualTo(position);
		client.close();
	}

	@Test
	void anIdOfOnesOwnWins() throws IOException {
		EventSourceClient client = client("/own").open().begun();
		publish(this.controller.one, "own 1");
		String position = publish(this.controller.one, "other");
		assertThat(List.of(client.next(), client.next())).containsExactly("own 1", "said: other");
		assertThat(client.ids()).containsExactly("own 1", position);
		client.close();
	}

	@Test
	void aHubWithoutHistoryHasNoIds() throws IOException {
		try (RawStream events = RawStream.get(Server.port(context), "/plain", "Accept: text/event-stream");
				RawStream comet = RawStream.get(Server.port(context), "/plain", "Accept: text/html")) {
			Awaitility.await().until(() -> this.controller.plain.subscribers() == 2);
			this.controller.plain.publish("hello");
			assertThat(events.until("data").replaceAll("^(:\n\n)*", "")).isEqualTo("data: hello\n\n");
			assertThat(comet.until("</script>")).endsWith("<script>f('hello');</script>");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/small", "/small-events" })
	void aResetIsAnEventOfItsOwnNameAndTheStreamGoesOn(String path) throws IOException {
		publish(this.controller.small, "1");
		for (String unknown : List.of("nonsense", "\u00e9'\"<script>", "-", "1-1.2-2", "x".repeat(2000))) {
			EventSourceClient client = client(path);
			client.lastEventId(unknown);
			assertThat(client.open().next()).isEqualTo("halley-reset: ");
			assertThat(client.next()).startsWith("1");
			publish(this.controller.small, "1");
			assertThat(client.next()).startsWith("1");
			client.close();
			client.open();
			publish(this.controller.small, "1");
			assertThat(client.next()).as("goes on from there").startsWith("1");
			client.close();
		}
	}

	@Test
	void oneIdIsInSeveralHubs() throws IOException {
		EventSourceClient client = client("/two").open().begun();
		publish(this.controller.one, "1");
		assertThat(client.next()).isEqualTo("1");
		client.close();
		publish(this.controller.other, new Said("2"));
		publish(this.controller.other, new Said(""));
		publish(this.controller.one, "3");
		client.open();
		assertThat(List.of(client.next(), client.next())).containsExactlyInAnyOrder("2", "3");
		assertThat(client.lastEventId()).contains(".");
		client.close();
	}

	@Test
	void aPostedStreamGoesOn() throws IOException {
		EventSourceClient client = client("/posted").post("{\"text\":\"welcome\"}");
		assertThat(client.next()).isEqualTo("welcome");
		client.begun();
		client.close();
		publish(this.controller.one, "meanwhile");
		client.post("{\"text\":\"welcome back\"}");
		assertThat(List.of(client.next(), client.next())).containsExactly("welcome back", "meanwhile");
		client.close();
	}

	@Test
	void theQueryHasTheIdWhereThereIsNoHeader() throws IOException {
		String first = publish(this.controller.one, "first");
		String second = publish(this.controller.one, "second");
		publish(this.controller.one, "third");
		EventSourceClient client = client("/one?x=1&lastEventId=" + first);
		assertThat(List.of(client.open().next(), client.next())).containsExactly("second", "third");
		client.close();
		client.lastEventId(second);
		assertThat(client.open().next()).as("the header is newer").isEqualTo("third");
		client.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "%", "%zz", "%00", "%FF", "1-1", "a%0d%0aSet-Cookie:x", "%F0%9F%98%80", "%2e" })
	void whatIsNoIdIsAReset(String id) throws IOException {
		try (RawStream stream = RawStream.get(Server.port(context), "/small?lastEventId=" + id,
				"Accept: text/event-stream")) {
			if (stream.status() == 200) {
				assertThat(stream.until("halley-reset")).contains("event: halley-reset\ndata: \n\n");
			}
			else {
				assertThat(stream.status()).as("the server's own answer to what is no URI").isEqualTo(400);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/comet", "/comet-helper" })
	void theSecondArgumentOfACometCallbackIsTheId(String path) throws IOException {
		String first = publish(this.controller.one, "first");
		try (RawStream stream = comet(path + "?lastEventId=" + first)) {
			String second = publish(this.controller.one, "it's");
			assertThat(stream.until("</script>")).endsWith("<script>f('it\\u0027s','" + second + "');</script>");
			String third = publish(this.controller.one, "third");
			assertThat(stream.until("</script>")).endsWith("<script>f('third','" + third + "');</script>");
		}
	}

	@Test
	void theFirstArgumentIsAValueWhereItWasOne() throws IOException {
		String before = publish(this.controller.other, new Said("before"));
		try (RawStream stream = comet("/comet-json?lastEventId=" + before)) {
			String position = publish(this.controller.other, new Said("hello"));
			assertThat(stream.until("</script>"))
				.endsWith("<script>f({\"text\":\"hello\"},'" + position + "');</script>");
		}
	}

	@Test
	void anIdOfOnesOwnWinsOnCometToo() throws IOException {
		String before = publish(this.controller.one, "before");
		try (RawStream stream = comet("/comet-own?lastEventId=" + before)) {
			publish(this.controller.one, "x");
			assertThat(stream.until("</script>")).endsWith("<script>f('x','\\u0027\\u003c/script\\u003e');</script>");
		}
	}

	@Test
	void withoutThatCometHasNoIds() throws IOException {
		String before = publish(this.controller.one, "before");
		try (RawStream stream = comet("/comet-without?lastEventId=" + before)) {
			publish(this.controller.one, "hello");
			assertThat(stream.until("</script>")).endsWith("<script>f('hello');</script>");
		}
	}

	private static RawStream comet(String path) throws IOException {
		return RawStream.get(Server.port(context), path, "Accept: text/html");
	}

	@Test
	void aSocketComesBackWithAnIdInItsQuery() throws Exception {
		publish(this.controller.small, "1");
		String second = publish(this.controller.small, "2");
		String third = publish(this.controller.small, "3");
		TestClient client = TestClient.connect(Server.url(context, "/socket?lastEventId=" + second));
		assertThat(client.next()).isEqualTo(third + " 3");
		TestClient late = TestClient.connect(Server.url(context, "/socket?lastEventId=long-ago"));
		assertThat(late.next()).isEqualTo(third + " reset");
		String before = publish(this.controller.one, "before");
		TestClient plain = TestClient.connect(Server.url(context, "/socket-plain?lastEventId=" + before));
		publish(this.controller.one, "after");
		assertThat(plain.next()).as("nothing but the message").isEqualTo("after");
		List.of(client, late, plain).forEach(TestClient::abort);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/one", "/two" })
	void whoComesBackAgainAndAgainWhileMessagesFlyGetsEachOnce(String path) throws Exception {
		int messages = 2000;
		List<EventSourceClient> clients = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			clients.add(client(path).open().begun());
		}
		ExecutorService threads = Executors.newCachedThreadPool();
		try {
			List<Future<List<String>>> read = clients.stream()
				.map((client) -> threads.submit(() -> readAndComeBack(client, new Random(clients.indexOf(client)))))
				.toList();
			threads.submit(() -> IntStream.range(0, messages).forEach(paced((i) -> {
				this.controller.one.publish("one " + i);
				this.controller.other.publish(new Said("other " + i));
			}))).get(120, TimeUnit.SECONDS);
			this.controller.other.publish(new Said(END));
			this.controller.one.publish(END);
			for (Future<List<String>> future : read) {
				List<String> all = future.get(120, TimeUnit.SECONDS);
				assertThat(only(all, "one ")).isEqualTo(numbers("one ", messages));
				assertThat(only(all, "other "))
					.isEqualTo(path.equals("/two") ? numbers("other ", messages) : List.of());
				assertThat(all).doesNotContain("halley-reset: ");
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static IntConsumer paced(IntConsumer publish) {
		return (i) -> {
			publish.accept(i);
			if (i % 20 == 0) {
				LockSupport.parkNanos(1_000_000);
			}
		};
	}

	/** Closes its socket in the midst of what comes, also in the midst of an event. */
	private static List<String> readAndComeBack(EventSourceClient client, Random random) throws IOException {
		List<String> all = new ArrayList<>();
		int ends = client.path().equals("/two") ? 2 : 1;
		while (ends > 0) {
			for (int left = 1 + random.nextInt(150); left > 0 && ends > 0; left--) {
				String next = client.nextOrEnd();
				if (next == null) {
					break;
				}
				all.add(next);
				ends -= next.equals(END) ? 1 : 0;
			}
			client.close();
			if (ends > 0) {
				client.open();
			}
		}
		return all;
	}

	private static List<String> only(List<String> all, String prefix) {
		return all.stream().filter((text) -> text.startsWith(prefix)).toList();
	}

	private static List<String> numbers(String prefix, int count) {
		return IntStream.range(0, count).mapToObj((i) -> prefix + i).toList();
	}

	@Test
	void aCometPageThatComesBackWhileMessagesFlyGetsEachOnce() throws Exception {
		int messages = 1000;
		String id = publish(this.controller.one, "before");
		ExecutorService threads = Executors.newSingleThreadExecutor();
		try {
			threads
				.submit(() -> IntStream.range(0, messages).forEach(paced((i) -> this.controller.one.publish("" + i))));
			List<String> all = new ArrayList<>();
			Pattern call = Pattern.compile("<script>f\\('([^']*)','([^']*)'\\);</script>");
			Random random = new Random(7);
			while (all.size() < messages) {
				try (RawStream stream = comet("/comet?lastEventId=" + id)) {
					for (int left = 1 + random.nextInt(100); left > 0 && all.size() < messages;) {
						Matcher matcher = call.matcher(stream.chunk());
						if (matcher.matches()) {
							all.add(matcher.group(1));
							id = matcher.group(2);
							left--;
						}
					}
				}
			}
			assertThat(all).isEqualTo(numbers("", messages));
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void manyStreamsThatComeBackAtOnceAreAllCompleteAndNoneIsReset() throws IOException {
		String id = publish(this.controller.one, "before");
		IntStream.range(0, BEHIND).forEach((i) -> this.controller.one.publish("missed " + i));
		long began = System.nanoTime();
		List<EventSourceClient> clients = new ArrayList<>();
		try {
			for (int i = 0; i < STREAMS; i++) {
				EventSourceClient client = client("/one");
				client.lastEventId(id);
				clients.add(client.open());
			}
			for (EventSourceClient client : clients) {
				for (int i = 0; i < BEHIND; i++) {
					assertThat(client.next()).isEqualTo("missed " + i);
				}
			}
			long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
			System.getLogger(RecoveryTests.class.getName())
				.log(System.Logger.Level.INFO, "{0}: {1} streams, {2} behind: {3} ms", this.server, STREAMS, BEHIND,
						millis);
		}
		finally {
			clients.forEach(RecoveryTests::close);
		}
	}

	private static void close(EventSourceClient client) {
		try {
			client.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
