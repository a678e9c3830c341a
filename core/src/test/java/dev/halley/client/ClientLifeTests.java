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

package dev.halley.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;
import reactor.core.scheduler.Schedulers;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.web.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a client leaves behind: nothing.
 */
class ClientLifeTests {

	private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();

	private static Set<Thread> all() {
		return Thread.getAllStackTraces().keySet();
	}

	private static Set<String> named(String prefix) {
		return all().stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith(prefix))
			.collect(Collectors.toSet());
	}

	/** What keeps them, when there are any. */
	private static Map<String, List<StackTraceElement>> stacks(String prefix) {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().getName().startsWith(prefix))
			.collect(Collectors.toMap((entry) -> entry.getKey().getName(), (entry) -> List.of(entry.getValue())));
	}

	@Test
	void aClientThatIsClosedHasNoThreadsAndNoSockets() throws Exception {
		try (TestServer server = TestServer.start(Endpoints.class, Endpoints.Impatient.class)) {
			Thread thread = useAndClose(server);
			String prefix = thread.getName().replaceAll("\\d+$", "");
			assertThat(prefix).startsWith("halley-client-");
			Awaitility.await().untilAsserted(() -> assertThat(stacks(prefix)).isEmpty());
			Awaitility.await().untilAsserted(() -> assertThat(server.registry().all()).isEmpty());
			assertThat(server.bean(Endpoints.class).end().getCode()).isEqualTo(1001);
		}
	}

	private Thread useAndClose(TestServer server) throws Exception {
		try (HalleyClient client = HalleyClient.create()) {
			ClientConnection connection = client.connect("ws://127.0.0.1:" + server.port() + "/echo",
					InOut.of(In.forEach((String text) -> this.threads.add(Thread.currentThread())),
							Out.of("a").andThen(Out.never())));
			Thread thread = this.threads.poll(30, TimeUnit.SECONDS);
			assertThat(thread.isDaemon()).isTrue();
			client.events("http://127.0.0.1:" + server.port() + "/live", String.class).messages().subscribe((text) -> {
			}, (ex) -> {
			});
			server.bean(Endpoints.class).nextChannel();
			assertThat(connection.isOpen()).isTrue();
			return thread;
		}
	}

	@Test
	void connectionsHaveNoThreadsOfTheirOwn() throws Exception {
		int count = 200;
		try (TestServer server = TestServer.start(Endpoints.class, Endpoints.Impatient.class);
				HalleyClient client = HalleyClient.create()) {
			for (int i = 0; i < count; i++) {
				client
					.connect("ws://127.0.0.1:" + server.port() + "/echo",
							InOut.of(In.forEach((String text) -> this.threads.add(Thread.currentThread())),
									Out.of("a").andThen(Out.never())))
					.whenOpen()
					.toCompletableFuture()
					.get(30, TimeUnit.SECONDS);
			}
			String prefix = this.threads.poll(30, TimeUnit.SECONDS).getName().replaceAll("\\d+$", "");
			Awaitility.await().until(() -> named(prefix).size() < count / 4);
			assertThat(server.registry().size()).isEqualTo(count);
		}
	}

	@Test
	void aConnectionThatIsClosedLeavesNoTimer() throws Exception {
		ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
		timer.setRemoveOnCancelPolicy(true);
		HalleyClient.Builder builder = HalleyClient.builder();
		builder.timer = Schedulers.fromExecutorService(timer);
		try (RawServer server = RawServer.start((peer) -> {
			peer.accept();
			peer.drain();
		}); HalleyClient client = builder.build()) {
			ClientConnection connection = client.webSocket(server.ws())
				.settings((settings) -> settings.withCloseTimeout(Duration.ofMillis(100)))
				.connect(InOut.of(In.ignore(), Out.<String>never()));
			connection.whenOpen().toCompletableFuture().get(30, TimeUnit.SECONDS);
			connection.close();
			assertThat(connection.done().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(CloseStatus.NORMAL);
			Awaitility.await().until(() -> server.peers().get(0).isGone());
			Awaitility.await().until(() -> timer.getQueue().isEmpty());
		}
		finally {
			timer.shutdownNow();
		}
	}

}
