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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Over real connections of this machine to itself.
 */
class WriteWatcherTests {

	private static final String THREAD = "halley-writes";

	private final WriteWatcher watcher = new WriteWatcher();

	private final AtomicInteger told = new AtomicInteger();

	private final List<SocketChannel> channels = new ArrayList<>();

	private ServerSocketChannel server;

	@BeforeEach
	void listen() throws IOException {
		this.server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
	}

	@AfterEach
	void close() throws IOException {
		this.watcher.close();
		for (SocketChannel channel : this.channels) {
			channel.close();
		}
		this.server.close();
		await().until(() -> !isRunning());
	}

	private static boolean isRunning() {
		return Thread.getAllStackTraces().keySet().stream().anyMatch((thread) -> thread.getName().equals(THREAD));
	}

	/** A connection, and its peer next to it in the list. */
	private SocketChannel connect() throws IOException {
		SocketChannel client = SocketChannel.open(this.server.getLocalAddress());
		SocketChannel accepted = this.server.accept();
		accepted.configureBlocking(false);
		this.channels.add(accepted);
		this.channels.add(client);
		return accepted;
	}

	private SocketChannel full() throws IOException {
		SocketChannel channel = connect();
		fill(channel);
		return channel;
	}

	private static void fill(SocketChannel channel) throws IOException {
		ByteBuffer bytes = ByteBuffer.allocate(100_000);
		while (channel.write(bytes.clear()) > 0) {
			continue;
		}
	}

	private SocketChannel peer() {
		return this.channels.get(1);
	}

	private void readMuch() throws IOException {
		ByteBuffer bytes = ByteBuffer.allocate(100_000);
		for (int i = 0; i < 30; i++) {
			peer().read(bytes.clear());
		}
	}

	private boolean watch(SocketChannel channel) throws IOException {
		return this.watcher.watch(channel, this.told::incrementAndGet);
	}

	@Test
	void thereIsNoThreadWhileNobodyIsWatched() throws IOException {
		connect();
		assertThat(isRunning()).isFalse();
	}

	@Test
	void roomIsToldOnceForEachCall() throws IOException {
		SocketChannel channel = full();
		for (int i = 1; i <= 3; i++) {
			assertThat(watch(channel)).isTrue();
			fill(channel);
			int expected = i;
			readMuch();
			await().until(() -> this.told.get() == expected);
		}
		assertThat(isRunning()).isTrue();
	}

	@Test
	void nobodyIsToldWhileThereIsNoRoom() throws IOException {
		SocketChannel stuck = full();
		assertThat(watch(stuck)).isTrue();
		AtomicInteger others = new AtomicInteger();
		this.watcher.watch(connect(), others::incrementAndGet);
		await().until(() -> others.get() == 1);
		assertThat(this.told).hasValue(0);
	}

	@Test
	void aPeerThatIsGoneIsToldAsRoom() throws IOException {
		assertThat(watch(full())).isTrue();
		peer().close();
		await().until(() -> this.told.get() == 1);
	}

	@Test
	void oneThatFailsHarmsNoOther() throws IOException {
		this.watcher.watch(connect(), () -> {
			throw new IllegalStateException("full");
		});
		assertThat(watch(connect())).isTrue();
		await().until(() -> this.told.get() == 1);
		assertThat(watch(this.channels.get(2))).isTrue();
		await().until(() -> this.told.get() == 2);
	}

	@Test
	void aConnectionThatIsClosedIsNotWatched() throws IOException {
		SocketChannel channel = full();
		channel.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> watch(channel));
	}

	@Test
	void aConnectionThatIsForgottenIsToldNothing() throws IOException {
		SocketChannel channel = full();
		assertThat(watch(channel)).isTrue();
		this.watcher.forget(channel);
		readMuch();
		AtomicInteger others = new AtomicInteger();
		this.watcher.watch(connect(), others::incrementAndGet);
		await().until(() -> others.get() == 1);
		assertThat(this.told).hasValue(0);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void aConnectionThatIsForgottenGivesItsDescriptorBack() throws IOException {
		assertThat(watch(connect())).isTrue();
		await().until(() -> this.told.get() == 1);
		long before = descriptors();
		for (int i = 0; i < 100; i++) {
			SocketChannel channel = full();
			assertThat(watch(channel)).isTrue();
			this.watcher.forget(channel);
			channel.close();
			this.channels.get(this.channels.size() - 1).close();
		}
		await().until(() -> descriptors() <= before + 10);
	}

	private static long descriptors() throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.count();
		}
	}

	@Test
	void nobodyIsWatchedAfterTheEnd() throws IOException {
		SocketChannel watched = full();
		assertThat(watch(watched)).isTrue();
		this.watcher.close();
		assertThat(watch(watched)).isFalse();
		assertThat(watch(connect())).isFalse();
		this.watcher.forget(watched);
		this.watcher.close();
		readMuch();
		await().until(() -> !isRunning());
		assertThat(this.told).hasValue(0);
	}

	@Test
	void oneThatWasNeverUsedEndsToo() throws IOException {
		this.watcher.close();
		assertThat(watch(connect())).isFalse();
		assertThat(isRunning()).isFalse();
	}

}
