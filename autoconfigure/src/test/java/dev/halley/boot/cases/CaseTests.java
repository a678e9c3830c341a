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
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.springframework.web.socket.CloseStatus;

import dev.halley.boot.Server;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What must hold on each server, against a running application: after each test all that
 * its connections held is given back.
 */
abstract class CaseTests {

	static final int PATIENCE_SECONDS = 30;

	/** Where the one thread waits that waits always, and runs nobody's code. */
	private static final String WATCHER = "dev.halley.websocket.engine.WriteWatcher";

	private static final AtomicInteger NAMES = new AtomicInteger();

	private final Server server = Objects.requireNonNull(getClass().getNestHost().getAnnotation(RunsOn.class)).value();

	private final String name = newName();

	Server server() {
		return this.server;
	}

	Profile profile() {
		return Profile.CALM;
	}

	Application application() {
		return Application.shared(this.server, profile());
	}

	/** A name that no other connection has. */
	static String newName() {
		return "run" + NAMES.incrementAndGet();
	}

	/** The name of the test's main connection. */
	String name() {
		return this.name;
	}

	Run run() {
		return run(this.name);
	}

	Run run(String name) {
		return application().runs().named(name);
	}

	Request request(String path) {
		return request(path, this.name);
	}

	Request request(String path, String name) {
		return Request.handshake(application().port(), path + (path.contains("?") ? "&" : "?") + "run=" + name);
	}

	/** Connects, and sends frames in the segment of the handshake. */
	Peer connect(String path, Frame... frames) throws IOException {
		return connectAs(this.name, path, frames);
	}

	Peer connectAs(String name, String path, Frame... frames) throws IOException {
		Peer peer = request(path, name).send(frames);
		assertThat(peer.status()).isEqualTo(101);
		return peer;
	}

	void closeInGoodOrder(Peer peer) throws IOException, InterruptedException {
		peer.closeInGoodOrder();
		assertThat(run().done()).isEqualTo(1000);
	}

	/** Waits for less than a test may take. */
	static ConditionFactory await() {
		return Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.atMost(Duration.ofSeconds(PATIENCE_SECONDS));
	}

	/**
	 * Whatever a test did to its connections: they are registered no more, their places
	 * are free, each out that was subscribed to has been ended or cancelled, each in has
	 * been told once, nobody listens to a hub, and no thread runs code of a pair.
	 */
	@AfterEach
	void nothingIsLeftBehind() {
		Application application = application();
		try {
			await().untilAsserted(() -> assertThat(application.registry().all()).isEmpty());
			await().untilAsserted(() -> assertThat(application.registry().reserved()).isZero());
			await().untilAsserted(() -> assertThat(application.runs().all())
				.allSatisfy((name, run) -> assertThat(run.isBalanced()).as(name + ": " + run.balance()).isTrue()));
			await().untilAsserted(() -> assertThat(application.hubs().names())
				.allSatisfy((name) -> assertThat(application.hubs().hub(name, String.class).subscribers()).isZero()));
			await().untilAsserted(() -> assertThat(busyThreads()).isEmpty());
		}
		finally {
			application.registry().all().forEach((left) -> left.abort(CloseStatus.NO_CLOSE_FRAME));
			application.runs().all().clear();
		}
	}

	/** Threads that run code of Halley or of the application, but no tests. */
	private static List<String> busyThreads() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((entry) -> entry.getKey() != Thread.currentThread() && isBusy(entry))
			.map((entry) -> entry.getKey() + " " + Arrays.toString(entry.getValue()))
			.toList();
	}

	private static boolean isBusy(Map.Entry<Thread, StackTraceElement[]> entry) {
		List<String> classes = Arrays.stream(entry.getValue()).map(StackTraceElement::getClassName).toList();
		return classes.stream().anyMatch((name) -> name.startsWith("dev.halley."))
				&& !classes.contains(CaseTests.class.getName()) && !classes.contains(WATCHER) && !isResting(classes);
	}

	/** An event loop that waits, and whoever looks after it. */
	private static boolean isResting(List<String> classes) {
		String engine = "dev.halley.websocket.engine.";
		return classes.contains(engine + "LoopMonitor")
				|| (classes.contains(engine + "EventLoop") && !classes.contains(engine + "LoopSocket"));
	}

}
