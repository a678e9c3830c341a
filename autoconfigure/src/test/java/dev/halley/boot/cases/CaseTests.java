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
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What must hold on each server, against a running application: after each test all that
 * its connections held is given back.
 */
abstract class CaseTests {

	static final int PATIENCE_SECONDS = 20;

	private static final AtomicInteger NAMES = new AtomicInteger();

	private static final Pattern POOLS = Pattern
		.compile("(https?-nio-|http-nio2-|qtp|Scheduler-|Connector-Scheduler-|Session-Scheduler-|Session-HouseKeeper"
				+ "|halley-|CompletableFutureDelayScheduler|parallel-|boundedElastic-|HttpClient-|OkHttp|Catalina-|container-|awaitility|ForkJoinPool"
				+ "|junit-|surefire-|main|Reference Handler|Finalizer|Signal Dispatcher|Common-Cleaner|Notification"
				+ "|process reaper|Attach Listener|SpringApplicationShutdownHook|background-preinit|Keep-Alive|idle-"
				+ "|WebSocketContainer|JettyShutdownThread|DestroyJavaVM|commons-pool|WebSocketClient|Timer-).*");

	private static final String TESTS = CaseTests.class.getPackageName();

	@Parameter
	private Server server;

	Server server() {
		return this.server;
	}

	Profile profile() {
		return Profile.CALM;
	}

	Application application() {
		return this.server.with(profile());
	}

	/** A name that no other connection has. */
	static String newName() {
		return "run" + NAMES.incrementAndGet();
	}

	Run run(String name) {
		return application().runs().named(name);
	}

	Request request(String path) {
		return Request.handshake(application().port(), path);
	}

	Request request(String path, String name) {
		return request(path + "?run=" + name);
	}

	Peer connect(String path, String name, Frame... frames) throws IOException {
		Peer peer = request(path, name).send(frames);
		assertThat(peer.status()).isEqualTo(101);
		return peer;
	}

	/** Waits for less than a test may take. */
	static ConditionFactory await() {
		return Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.atMost(Duration.ofSeconds(PATIENCE_SECONDS));
	}

	@AfterEach
	void nothingIsLeftBehind() {
		Application application = application();
		await().untilAsserted(() -> assertThat(application.registry().all()).isEmpty());
		await().untilAsserted(
				() -> assertThat(ReflectionTestUtils.getField(application.registry(), "reserved")).isEqualTo(0));
		for (Map.Entry<String, Run> run : application.runs().all().entrySet()) {
			await().untilAsserted(() -> assertThat(run.getValue().balance()).as(run.getKey())
				.isEqualTo(run.getValue().expectedBalance()));
		}
		await().untilAsserted(() -> assertThat(application.hubs().names()).isEmpty());
		await().untilAsserted(() -> assertThat(stragglers()).isEmpty());
	}

	/** Threads of none of the pools, and those that still run code of pairs. */
	private static List<String> stragglers() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((entry) -> entry.getKey() != Thread.currentThread() && entry.getKey().isAlive())
			.filter(((Predicate<Map.Entry<Thread, StackTraceElement[]>>) CaseTests::isOfPool).negate()
				.or(CaseTests::runsPair))
			.map((entry) -> entry.getKey() + " " + Arrays.toString(entry.getValue()))
			.filter(Objects::nonNull)
			.toList();
	}

	private static boolean isOfPool(Map.Entry<Thread, StackTraceElement[]> entry) {
		return POOLS.matcher(entry.getKey().getName()).matches();
	}

	private static boolean runsPair(Map.Entry<Thread, StackTraceElement[]> entry) {
		return Arrays.stream(entry.getValue()).anyMatch((frame) -> frame.getClassName().startsWith("dev.halley.")
					&& !frame.getClassName().startsWith(TESTS));
	}

	/**
	 * Runs a class of tests on each server.
	 */
	@Target(ElementType.TYPE)
	@Retention(RetentionPolicy.RUNTIME)
	@ParameterizedClass(name = "{0}")
	@EnumSource(Server.class)
	@interface OnEachServer {

	}

}
