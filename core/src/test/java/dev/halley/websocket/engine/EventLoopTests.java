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
import java.lang.ref.WeakReference;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A loop whose surroundings fail: its connections need it all the same.
 */
class EventLoopTests {

	private static final byte[] MESSAGE = Frames.masked(Frames.FIN_TEXT, "m");

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Interleaving schedule = new Interleaving(this.threads, new Random(1));

	private final FakeSelector selector = new FakeSelector(this.schedule, new Random(1)).honest();

	private final EventLoop loop = new EventLoop(this.selector, () -> this.awake.run(), null);

	private Runnable awake = () -> {
	};

	@AfterEach
	void end() {
		this.schedule.end();
		this.loop.end();
		this.threads.shutdown();
	}

	private FakeChannel connect(RecordingListener listener, LateSocket late) throws IOException {
		FakeChannel channel = new FakeChannel(this.schedule, new Random(1));
		LoopSocket socket = new LoopSocket(channel, new byte[0], listener.session(), OffloadPolicy.NEVER);
		late.bind(socket);
		listener.session().open();
		assertThat(socket.register(this.loop)).isTrue();
		return channel;
	}

	@Test
	void aTakeoverThatCannotBeToldIsOneAllTheSame() throws IOException {
		boolean[] handling = new boolean[1];
		AtomicLong nowhere = null;
		LateSocket late = new LateSocket();
		RecordingListener blocked = RecordingListener.over(late).onText((text) -> {
			handling[0] = true;
			this.schedule.await(() -> !handling[0]);
		});
		connect(blocked, late).arrive(MESSAGE);
		this.schedule.start("drives", this.loop::drive);
		this.schedule.run();
		assertThat(handling[0]).isTrue();
		this.schedule.start("takes over", () -> this.loop.takeOver(this.loop.turn(), new Takeover(1, nowhere)));
		this.schedule.run();
		assertServes();
	}

	private void assertServes() throws IOException {
		LateSocket late = new LateSocket();
		RecordingListener other = RecordingListener.over(late);
		connect(other, late).arrive(MESSAGE);
		this.schedule.start("wakes", this.selector::wakeup);
		this.schedule.run();
		assertThat(other.events()).containsExactly("opened", "text m");
	}

	@Test
	void aConnectionThatHasEndedIsForgotten() throws IOException {
		WeakReference<RecordingListener> listener = talk();
		this.schedule.run();
		assertThat(this.selector.keys()).isEmpty();
		await().untilAsserted(() -> {
			System.gc();
			assertThat(listener.get()).isNull();
		});
	}

	@Test
	void aConnectionWhoseTurnWasTakenOverIsForgottenToo() throws IOException {
		WeakReference<RecordingListener> listener = block();
		assertThat(this.selector.keys()).isEmpty();
		await().untilAsserted(() -> {
			System.gc();
			assertThat(listener.get()).isNull();
		});
	}

	private WeakReference<RecordingListener> block() throws IOException {
		boolean[] handling = new boolean[1];
		LateSocket late = new LateSocket();
		RecordingListener blocked = RecordingListener.over(late).onText((text) -> {
			handling[0] = true;
			this.schedule.await(() -> !handling[0]);
		});
		FakeChannel channel = connect(blocked, late);
		channel.arrive(MESSAGE);
		this.schedule.start("drives", this.loop::drive);
		this.schedule.run();
		this.schedule.start("takes over",
				() -> this.loop.takeOver(this.loop.turn(), new Takeover(1, new AtomicLong())));
		this.schedule.run();
		handling[0] = false;
		channel.endInput();
		this.schedule.start("wakes", this.selector::wakeup);
		this.schedule.run();
		assertThat(blocked.events()).last().isEqualTo("closed 1006");
		return new WeakReference<>(blocked);
	}

	private WeakReference<RecordingListener> talk() throws IOException {
		LateSocket late = new LateSocket();
		RecordingListener listener = RecordingListener.over(late);
		FakeChannel channel = connect(listener, late);
		channel.arrive(MESSAGE);
		this.schedule.start("drives", this.loop::drive);
		this.schedule.run();
		assertThat(listener.events()).containsExactly("opened", "text m");
		channel.endInput();
		this.schedule.start("wakes", this.selector::wakeup);
		this.schedule.run();
		assertThat(listener.events()).last().isEqualTo("closed 1006");
		return new WeakReference<>(listener);
	}

	@Test
	void aFailureBetweenTurnsThatCannotBeLoggedDoesNotEndTheLoop() throws IOException {
		AppenderBase<ILoggingEvent> full = new AppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				throw new OutOfMemoryError("harm");
			}

		};
		full.start();
		Logger logger = (Logger) LoggerFactory.getLogger(EventLoop.class);
		logger.addAppender(full);
		this.awake = () -> {
			this.awake = () -> {
			};
			throw new OutOfMemoryError("harm");
		};
		try {
			this.schedule.start("drives", this.loop::drive);
			this.schedule.start("wakes", this.selector::wakeup);
			this.schedule.run();
			assertServes();
		}
		finally {
			logger.detachAppender(full);
		}
	}

}
