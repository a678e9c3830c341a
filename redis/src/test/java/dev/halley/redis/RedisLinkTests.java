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

package dev.halley.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.lettuce.core.RedisURI;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.halley.History;
import dev.halley.Hub;
import dev.halley.HubUnavailableException;
import dev.halley.Hubs;
import dev.halley.Position;
import dev.halley.Replay;
import dev.halley.TestHubs;
import dev.halley.hub.broker.BrokerMessage;
import dev.halley.hub.broker.Heard;
import dev.halley.hub.broker.HubBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The link of a node to a server: how it comes, goes and comes back.
 */
@Timeout(120)
class RedisLinkTests {

	private static final History HISTORY = History.ofMessages(100);

	private static RedisProcess server;

	private final List<AutoCloseable> opened = new ArrayList<>();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final String prefix = "test" + System.nanoTime();

	@BeforeAll
	static void start() {
		server = RedisProcess.start(RedisProcess.REDIS_6);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.opened) {
			each.close();
		}
		this.executor.shutdownNow();
	}

	private RedisHubBroker broker(RedisURI uri) {
		RedisHubBroker broker = RedisHubBroker
			.standalone(uri, null,
					new RedisBrokerSettings(this.prefix, Duration.ofSeconds(2), Duration.ofMillis(500), 1000))
			.start();
		this.opened.add(0, broker);
		return broker;
	}

	private RedisHubBroker broker(int port) {
		return broker(RedisURI.create("127.0.0.1", port));
	}

	private TcpProxy proxy() {
		TcpProxy proxy = new TcpProxy(server.port());
		this.opened.add(proxy);
		return proxy;
	}

	private Hub<String> hub(RedisHubBroker broker) {
		return hubs(broker).hub("room", String.class, HISTORY);
	}

	private Hubs hubs(RedisHubBroker broker) {
		return TestHubs.of(broker, this.executor);
	}

	private static <T> T get(CompletionStage<T> stage) throws Exception {
		return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

	private static Throwable failureOf(CompletionStage<Position> stage) {
		Awaitility.await().until(() -> stage.toCompletableFuture().isDone());
		return stage.handle((position, failure) -> failure).toCompletableFuture().getNow(null);
	}

	private static void awaitUp(RedisHubBroker broker, boolean up) {
		Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> broker.state().up() == up);
	}

	@Test
	void triesAgainAfterAnErrorToo() {
		AtomicInteger attempts = new AtomicInteger();
		RedisLink link = link(() -> {
			attempts.incrementAndGet();
			throw new OutOfMemoryError("no thread");
		});
		link.start();
		Awaitility.await().untilAsserted(() -> assertThat(attempts).hasValueGreaterThan(2));
		assertThat(link.problem()).isEqualTo("no thread");
		link.close();
		assertThatIllegalStateException().isThrownBy(link::start).withMessageContaining("is closed");
	}

	private static RedisLink link(Supplier<RedisConnector.Connections> connections) {
		RedisConnector connector = new RedisConnector() {
			@Override
			public Connections connect() {
				return connections.get();
			}

			@Override
			public String target() {
				return "nowhere";
			}

			@Override
			public void close() {
			}
		};
		RedisLink.Owner owner = new RedisLink.Owner() {
			@Override
			public void onUp(RedisConnector.Connections up) {
			}

			@Override
			public void onDown() {
			}
		};
		return new RedisLink(connector,
				new RedisBrokerSettings("test", Duration.ofSeconds(2), Duration.ofMillis(500), 1000), owner,
				new Counters());
	}

	@Test
	void startsWithoutAServerAndFindsItLater() throws Exception {
		RedisProcess late = RedisProcess.start(RedisProcess.REDIS_7);
		this.opened.add(late);
		late.kill();
		RedisHubBroker broker = broker(late.port());
		assertThat(broker.state()).satisfies((state) -> {
			assertThat(state.up()).isFalse();
			assertThat(state.problem()).isNotEmpty();
		});
		Hub<String> hub = hub(broker);
		try (Heard<String> heard = Heard.of(hub.out(Replay.last(5)))) {
			assertThat(failureOf(hub.publish("nowhere"))).isInstanceOf(HubUnavailableException.class);
			late.startAgain(true);
			awaitUp(broker, true);
			assertThat(broker.state().server()).contains("Redis 7.0.15").contains("" + late.port());
			get(hub.publish("a"));
			assertThat(heard.await(1)).containsExactly("a");
		}
	}

	@Test
	void aLinkThatIsDeadWithoutAWordIsFound() throws Exception {
		TcpProxy proxy = proxy();
		RedisHubBroker broker = broker(proxy.port());
		Hub<String> publisher = hub(broker(server.port()));
		try (Heard<String> heard = Heard.of(hub(broker).out(Replay.last(5)))) {
			get(publisher.publish("a"));
			heard.await(1);
			proxy.set(TcpProxy.Mode.STALL);
			get(publisher.publish("b"));
			awaitUp(broker, false);
			assertThat(broker.state().problem()).isNotNull();
			proxy.set(TcpProxy.Mode.PASS);
			assertThat(heard.await(2)).containsExactly("a", "b");
			assertThat(broker.state().counters()).containsKeys("connects", "disconnects", "probe.micros", "reads");
		}
	}

	@Test
	void aServerThatStandsStillIsToldOfAndWaitedFor() throws Exception {
		RedisProcess paused = RedisProcess.start(RedisProcess.REDIS_6);
		this.opened.add(paused);
		RedisHubBroker broker = broker(paused.port());
		Hub<String> hub = hub(broker);
		try (Heard<String> heard = Heard.of(hub.out(Replay.last(5)))) {
			get(hub.publish("a"));
			heard.await(1);
			paused.pause(true);
			assertThat(failureOf(hub.publishOnce("b", "key"))).isInstanceOf(HubUnavailableException.class);
			awaitUp(broker, false);
			paused.pause(false);
			awaitUp(broker, true);
			get(hub.publishOnce("b", "key"));
			assertThat(heard.await(2)).containsExactly("a", "b");
		}
		finally {
			paused.pause(false);
		}
	}

	@Test
	void aServerThatHasBecomeAReplicaIsLeft() throws Exception {
		RedisProcess demoted = RedisProcess.start(RedisProcess.REDIS_6);
		this.opened.add(demoted);
		RedisHubBroker broker = broker(demoted.port());
		Hub<String> hub = hub(broker);
		get(hub.publish("a"));
		demoted.command("REPLICAOF 127.0.0.1 " + server.port());
		assertThat(failureOf(hub.publish("b"))).isInstanceOf(HubUnavailableException.class)
			.hasMessageContaining("was not published");
		Awaitility.await().until(() -> String.valueOf(broker.state().problem()).contains("replica"));
		assertThat(broker.state().up()).isFalse();
		demoted.command("REPLICAOF NO ONE");
		awaitUp(broker, true);
		get(hub.publish("c"));
	}

	@Test
	void aLinkThatIsClosedWhileItConnectsLeavesNoConnections() throws Exception {
		TcpProxy proxy = proxy();
		String name = this.prefix;
		proxy.change((said) -> {
			LockSupport.parkNanos(1_000_000);
			return said;
		});
		for (int i = 0; i < 40; i++) {
			RedisHubBroker broker = RedisHubBroker.standalone(
					RedisURI.builder().withHost("127.0.0.1").withPort(proxy.port()).withClientName(name).build(), null,
					new RedisBrokerSettings(name, Duration.ofSeconds(2), Duration.ofMillis(500), 1000));
			CompletableFuture<Void> started = CompletableFuture.runAsync(broker::start, this.executor);
			LockSupport.parkNanos(i * 1_000_000L);
			broker.close();
			started.handle((nothing, failure) -> failure).get(30, TimeUnit.SECONDS);
			assertThat(broker.state().up()).isFalse();
			assertThat(broker.state().problem()).isEqualTo("it is closed");
		}
		Awaitility.await().until(() -> !server.command("CLIENT LIST").contains("name=" + name));
		Awaitility.await()
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().equals("halley-redis")));
	}

	/**
	 * Hubs go some time after they were left, which may be after the application's end.
	 */
	@Test
	void whoComesAndGoesOnceTheBrokerIsClosedIsNotHeard() throws Exception {
		RedisHubBroker broker = broker(server.port());
		HubBroker.Registration before = broker.subscribe("before", new Ignoring());
		get(hub(broker).publish("a"));
		broker.close();
		before.cancel();
		broker.subscribe("after", new Ignoring()).cancel();
		assertThat(failureOf(hub(broker).publish("b"))).isInstanceOf(HubUnavailableException.class)
			.hasMessageContaining("was not published");
	}

	@Test
	void aListenerThatFailsKeepsNeitherOthersNorTheLinkFromGoingOn() throws Exception {
		TcpProxy proxy = proxy();
		RedisHubBroker broker = broker(proxy.port());
		AtomicInteger told = new AtomicInteger();
		broker.subscribe("room", new HubBroker.Listener() {
			@Override
			public void onUp() {
				told.incrementAndGet();
				throw new IllegalStateException("up");
			}

			@Override
			public void onDown() {
				told.incrementAndGet();
				throw new IllegalStateException("down");
			}

			@Override
			public void onMessage(BrokerMessage message) {
				told.incrementAndGet();
				throw new IllegalStateException("message");
			}
		});
		try (Heard<String> heard = Heard.of(hubs(broker).hub("other", String.class, HISTORY).out(Replay.last(5)))) {
			Awaitility.await().until(() -> told.get() == 1);
			get(hub(broker).publish("to the one that fails"));
			Awaitility.await().until(() -> told.get() == 2);
			proxy.set(TcpProxy.Mode.CUT);
			awaitUp(broker, false);
			proxy.set(TcpProxy.Mode.PASS);
			awaitUp(broker, true);
			Awaitility.await().until(() -> told.get() == 4);
			get(hubs(broker).hub("other", String.class, HISTORY).publish("a"));
			assertThat(heard.await(1)).containsExactly("a");
		}
	}

	@Test
	void aServerThatIsTooOldIsRefused() {
		TcpProxy proxy = proxy();
		proxy.change((said) -> said.replace("redis_version:6.2", "redis_version:6.0"));
		RedisHubBroker broker = broker(proxy.port());
		Awaitility.await()
			.untilAsserted(() -> assertThat(broker.state().problem()).contains("Redis 6.0")
				.contains("too old")
				.contains("6.2 or later"));
		assertThat(broker.state().up()).isFalse();
	}

	@Test
	void usesPasswordDatabaseAndClientName() throws Exception {
		RedisProcess closed = RedisProcess.start(RedisProcess.REDIS_6, "--requirepass", "secret");
		this.opened.add(closed);
		assertThat(broker(closed.port()).state().up()).isFalse();
		RedisHubBroker broker = broker(RedisURI.builder()
			.withHost("127.0.0.1")
			.withPort(closed.port())
			.withPassword("secret".toCharArray())
			.withDatabase(3)
			.withClientName("halley-test")
			.build());
		awaitUp(broker, true);
		get(hub(broker).publish("a"));
		assertThat(closed.command("AUTH secret\r\nCLIENT LIST")).contains("name=halley-test").contains("db=3");
		assertThat(broker.state().toString()).doesNotContain("secret");
	}

	@Test
	void manyHubsThatAreLeftLeaveNoChannels() throws Exception {
		RedisHubBroker broker = broker(server.port());
		Hubs hubs = hubs(broker);
		int many = 2000;
		List<Heard<String>> all = new ArrayList<>();
		for (int i = 0; i < many; i++) {
			all.add(Heard.of(hubs.hub("hub." + i, String.class).out()));
		}
		for (int i = 0; i < many; i++) {
			get(hubs.hub("hub." + i, String.class).publish("a"));
		}
		all.forEach((heard) -> heard.await(1));
		assertThat(channels()).isEqualTo(many);
		all.forEach(Heard::close);
		Awaitility.await().until(() -> channels() == 0);
		assertThat(broker.state().counters()).containsEntry("subscriptions", 0L);
	}

	private int channels() {
		String count = "return #redis.call('PUBSUB', 'CHANNELS', '" + this.prefix + ":hub:*')";
		return Integer.parseInt(server.command("EVAL \"" + count + "\" 0").substring(1).trim());
	}

	@Test
	void allIsSubscribedToAgainAfterALoss() throws Exception {
		TcpProxy proxy = proxy();
		RedisHubBroker broker = broker(proxy.port());
		Hubs hubs = hubs(broker);
		int many = 1100;
		List<Heard<String>> all = new ArrayList<>();
		for (int i = 0; i < many; i++) {
			all.add(Heard.of(hubs.hub("hub." + i, String.class).out()));
		}
		Awaitility.await().until(() -> channels() == many);
		proxy.set(TcpProxy.Mode.CUT);
		awaitUp(broker, false);
		proxy.set(TcpProxy.Mode.PASS);
		awaitUp(broker, true);
		Awaitility.await().until(() -> channels() == many);
		Hubs others = hubs(broker(server.port()));
		for (int i = 0; i < many; i++) {
			get(others.hub("hub." + i, String.class).publish("a"));
		}
		all.forEach((heard) -> assertThat(heard.await(1)).containsExactly("a"));
		all.forEach(Heard::close);
	}

	private static final class Ignoring implements HubBroker.Listener {

		@Override
		public void onUp() {
		}

		@Override
		public void onDown() {
		}

		@Override
		public void onMessage(BrokerMessage message) {
		}

	}

}
