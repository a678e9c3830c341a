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

package dev.halley.test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.util.Assert;

import dev.halley.Hubs;
import dev.halley.codec.MessageCodecs;
import dev.halley.hub.broker.BrokerException;
import dev.halley.hub.broker.BrokerMessage;
import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.BrokerState;
import dev.halley.hub.broker.HistoryRange;
import dev.halley.hub.broker.HistorySlice;
import dev.halley.hub.broker.HubBroker;
import dev.halley.hub.broker.Retention;

/**
 * A broker of hubs in memory, which fails when a test says so:
 *
 * <pre class="code">
 * FakeHubBroker broker = new FakeHubBroker();
 * Hub&lt;String&gt; hub = broker.hubs().hub("room", String.class);
 * broker.down();
 * HubTester.of(hub).expectUnavailable("Hello");
 * </pre>
 *
 * It is the link of one node, that is of one process of an application, to a server;
 * {@link #another()} is that of another one. An application gets it as a bean of type
 * {@link HubBroker}, which {@code halley.hub.broker} must not forbid.
 * <p>
 * Faults last until {@link #up()}. Thread-safe; time is real.
 *
 * @since 0.1
 */
public final class FakeHubBroker implements HubBroker, AutoCloseable {

	/** Within which a broker answers, or fails. */
	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private static final Duration GRACE = Duration.ofSeconds(15);

	private static final int MOST_BYTES = 1024 * 1024;

	private final FakeServer server;

	private final Map<String, Listener> listeners = new ConcurrentHashMap<>();

	/** One thread, so that what comes and what is answered has an order. */
	private final ScheduledThreadPoolExecutor io = new ScheduledThreadPoolExecutor(1, FakeHubBroker::thread);

	/** Goes on for hubs that are used still when this is closed; idle threads end. */
	private final ExecutorService work = Executors.newCachedThreadPool(FakeHubBroker::thread);

	private final Hubs hubs;

	private volatile boolean linked = true;

	private volatile boolean answering = true;

	private volatile boolean hearing = true;

	private volatile Duration delay = Duration.ZERO;

	/** What is asked for and not done, in order; guarded by this. */
	private final Queue<Runnable> asked = new ArrayDeque<>();

	/** When the last thing that was asked for is done, so that nothing overtakes it. */
	private long lastDue = System.nanoTime();

	/**
	 * Creates a broker with a server of its own.
	 */
	public FakeHubBroker() {
		this(new FakeServer());
	}

	private FakeHubBroker(FakeServer server) {
		this.server = server;
		this.io.setKeepAliveTime(1, TimeUnit.SECONDS);
		this.io.allowCoreThreadTimeOut(true);
		MessageCodecs codecs = Codecs.standard();
		this.hubs = Hubs.brokered(this, (type) -> codecs.hub(ResolvableType.forType(type)), Codecs.memberData(codecs),
				this.work, Map.of(), GRACE);
		server.join(this);
	}

	private static Thread thread(Runnable task) {
		Thread thread = new Thread(task, "fake-hub-broker");
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Returns the link of another node to the same server.
	 * @return another broker, with faults of its own
	 */
	public FakeHubBroker another() {
		return new FakeHubBroker(this.server);
	}

	/**
	 * Returns the hubs of this node, with the built-in codecs.
	 * @return the same ones each time
	 */
	public Hubs hubs() {
		return this.hubs;
	}

	/**
	 * The link is lost, which is noticed: to publish and to read fails at once, and what
	 * others publish does not come here.
	 * @return this
	 */
	public FakeHubBroker down() {
		return link(false);
	}

	/**
	 * The link is there again, and all faults of it are over.
	 * @return this
	 */
	public FakeHubBroker up() {
		this.answering = true;
		this.hearing = true;
		this.delay = Duration.ZERO;
		return link(true);
	}

	private FakeHubBroker link(boolean up) {
		this.linked = up;
		later(() -> this.listeners.values().forEach(up ? Listener::onUp : Listener::onDown));
		return this;
	}

	/**
	 * Whatever is asked for takes its time, messages included that are published here.
	 * Who waits for longer than 2 seconds is told that the outcome is not known.
	 * @param delay how long it takes
	 * @return this
	 */
	public FakeHubBroker slow(Duration delay) {
		Assert.isTrue(!delay.isNegative(), () -> "delay: " + delay + " (expected: >= 0)");
		this.delay = delay;
		return this;
	}

	/**
	 * What is asked for is done, but the answer is lost: whoever publishes is told that
	 * the outcome is not known.
	 * @return this
	 */
	public FakeHubBroker loseAnswers() {
		this.answering = false;
		return this;
	}

	/**
	 * What is published does not come to this node, without a word: there is a gap, which
	 * the hubs notice with the first message after {@link #up()}.
	 * @return this
	 */
	public FakeHubBroker loseMessages() {
		this.hearing = false;
		return this;
	}

	/**
	 * The server ends and begins again with its data: all nodes lose their link for a
	 * moment.
	 * @return this
	 */
	public FakeHubBroker restart() {
		return restart(() -> {
		});
	}

	/**
	 * The server ends and begins again without its data: all hubs begin another life, and
	 * subscribers of histories are told of a reset.
	 * @return this
	 */
	public FakeHubBroker restartWithoutData() {
		return restart(this.server::forget);
	}

	private FakeHubBroker restart(Runnable meanwhile) {
		this.server.nodes().forEach(FakeHubBroker::down);
		meanwhile.run();
		this.server.nodes().forEach(FakeHubBroker::up);
		return this;
	}

	/** A message comes, while the server's lock is held. */
	void hear(String hub, BrokerMessage message) {
		if (this.linked && this.hearing) {
			later(() -> {
				Listener listener = this.listeners.get(hub);
				if (listener != null && this.linked) {
					listener.onMessage(message);
				}
			});
		}
	}

	@Override
	public CompletionStage<Placement> publish(String hub, BrokerPayload payload, Retention retention,
			@Nullable String key) {
		return ask(() -> this.server.publish(hub, payload, retention, key));
	}

	@Override
	public CompletionStage<HistorySlice> read(String hub, HistoryRange range, Retention retention) {
		return ask(() -> this.server.read(hub, range, retention));
	}

	/** What is closed tells nobody anything. */
	private void later(Runnable task) {
		try {
			this.io.execute(task);
		}
		catch (RejectedExecutionException ex) {
			// Closed
		}
	}

	private <T> CompletionStage<T> ask(Supplier<T> question) {
		CompletableFuture<T> answer = new CompletableFuture<>();
		try {
			Duration wait = schedule(() -> answer(question, answer));
			if (wait.compareTo(TIMEOUT) > 0) {
				this.io.schedule(() -> answer.completeExceptionally(new BrokerException("no answer", true, null)),
						TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
			}
		}
		catch (RejectedExecutionException ex) {
			answer.completeExceptionally(new BrokerException("the broker is closed", false, ex));
		}
		return answer;
	}

	/** Returns how long it takes until the task is run, which none overtakes. */
	private synchronized Duration schedule(Runnable task) {
		long now = System.nanoTime();
		long due = now + this.delay.toNanos();
		this.lastDue = (due - this.lastDue > 0) ? due : this.lastDue;
		this.io.schedule(this::next, this.lastDue - now, TimeUnit.NANOSECONDS);
		this.asked.add(task);
		return Duration.ofNanos(this.lastDue - now);
	}

	private void next() {
		Runnable task;
		synchronized (this) {
			task = this.asked.remove();
		}
		task.run();
	}

	private <T> void answer(Supplier<T> question, CompletableFuture<T> answer) {
		if (!this.linked) {
			answer.completeExceptionally(new BrokerException("the link is down", false, null));
			return;
		}
		T answered = question.get();
		if (this.answering) {
			answer.complete(answered);
		}
		else {
			answer.completeExceptionally(new BrokerException("the answer was lost", true, null));
		}
	}

	@Override
	public Registration subscribe(String hub, Listener listener) {
		later(() -> {
			this.listeners.put(hub, listener);
			if (this.linked) {
				listener.onUp();
			}
		});
		return () -> later(() -> this.listeners.remove(hub, listener));
	}

	@Override
	public int maxPayloadSize() {
		return MOST_BYTES;
	}

	@Override
	public BrokerState state() {
		return new BrokerState(this.linked, "a fake in memory", this.linked ? null : "the test says so", Map.of());
	}

	/**
	 * Ends this node. The server and other nodes go on.
	 */
	@Override
	public void close() {
		this.server.leave(this);
		this.io.shutdown();
	}

}
