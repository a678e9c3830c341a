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
import java.lang.Thread.State;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.socket.CloseStatus;

import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams that several threads, and the container itself, end at the same moment.
 */
@ParameterizedClass
@EnumSource(names = { "TOMCAT_LOOPS", "TOMCAT_NATIVE", "JETTY" })
class EndingStreamsTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final int ROUNDS = 20;

	private static final int STREAMS = 4;

	private static ServletWebServerApplicationContext context;

	@Parameter
	private Server server;

	@BeforeParameterizedClassInvocation
	static void start(Server server) {
		context = server.start(Watched.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	@AfterEach
	void noThreadIsLost() {
		assertThat(ManagementFactory.getThreadMXBean().findDeadlockedThreads()).isNull();
	}

	private static ConnectionRegistry registry() {
		return context.getBean(ConnectionRegistry.class);
	}

	private static RawStream get(String path, String accept) throws IOException {
		return RawStream.get(Server.port(context), path, "Accept: " + accept);
	}

	private static List<Connection> await(int connections) {
		Awaitility.await()
			.atMost(LONG)
			.until(() -> registry().all().stream().filter(Connection::isOpen).count() == connections);
		return List.copyOf(registry().all());
	}

	/**
	 * The container is in the course of completing it and has the stream told next: when
	 * the stream ends, or when it leaves.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "text/html", "text/event-stream" })
	void aStreamThatIsAbortedWhileItCompletes(String accept) throws Exception {
		Thread abort = new Thread(
				() -> List.copyOf(registry().all()).forEach((each) -> each.abort(CloseStatus.NO_CLOSE_FRAME)));
		context.getBean(Completions.class).queue().add(() -> {
			abort.start();
			Awaitility.await()
				.atMost(LONG)
				.until(() -> Set.of(State.BLOCKED, State.WAITING, State.TERMINATED).contains(abort.getState()));
		});
		try (RawStream stream = get("/silent", accept)) {
			if (this.server != Server.TOMCAT_LOOPS) {
				await(1).get(0).close(CloseStatus.GOING_AWAY);
			}
			Awaitility.await().atMost(LONG).until(() -> abort.getState() == State.TERMINATED);
			if (this.server == Server.TOMCAT_LOOPS) {
				assertThat(stream.rest()).doesNotEndWith("0\r\n\r\n");
			}
			else {
				assertThat(stream.chunks()).hasSizeLessThanOrEqualTo(1);
			}
			Awaitility.await().atMost(LONG).until(() -> registry().reserved() == 0);
		}
	}

	/** Whatever comes first: the end, the abort, a write, or that the client leaves. */
	@ParameterizedTest
	@ValueSource(strings = { "/silent", "/ticks", "/flood" })
	void streamsThatEndInAllWaysAtOnce(String path) throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			List<RawStream> clients = List.of(get(path, "text/html"), get(path, "text/event-stream"),
					get(path, "text/html"), get(path, "text/event-stream"));
			List<Connection> connections = await(STREAMS);
			CyclicBarrier together = new CyclicBarrier(3 * STREAMS);
			List<Thread> threads = Stream
				.concat(connections.stream()
					.flatMap((connection) -> Stream.of(() -> connection.close(CloseStatus.GOING_AWAY),
							() -> connection.abort(CloseStatus.NO_CLOSE_FRAME))),
						clients.stream().map((client) -> (Act) client::close))
				.map((act) -> start(together, act))
				.toList();
			for (Thread thread : threads) {
				thread.join(LONG.toMillis());
				assertThat(thread.isAlive()).isFalse();
			}
			Awaitility.await().atMost(LONG).until(() -> registry().size() == 0 && registry().reserved() == 0);
		}
		try (RawStream plain = get("/plain", "text/plain")) {
			assertThat(plain.status()).isEqualTo(200);
			assertThat(plain.headers().getContentLength()).isEqualTo(500);
		}
	}

	private static Thread start(CyclicBarrier together, Act act) {
		Thread thread = new Thread(() -> {
			try {
				together.await(LONG.toSeconds(), TimeUnit.SECONDS);
				act.run();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		thread.start();
		return thread;
	}

	interface Act {

		void run() throws Exception;

	}

	/**
	 * Tells what to do when the next response completes.
	 *
	 * @param queue what is to be done, each for one response, before Halley is told
	 */
	record Completions(BlockingQueue<Runnable> queue) {
	}

	@Configuration(proxyBeanMethods = false)
	@Import(StreamApplication.class)
	static class Watched {

		@Bean
		Completions completions() {
			return new Completions(new LinkedBlockingQueue<>());
		}

		@Bean
		Filter watch(Completions completions) {
			return (request, response, chain) -> chain
				.doFilter(new WatchedRequest((HttpServletRequest) request, completions), response);
		}

	}

	/** Its first listener is the test's. */
	private static final class WatchedRequest extends HttpServletRequestWrapper {

		private final Completions completions;

		WatchedRequest(HttpServletRequest request, Completions completions) {
			super(request);
			this.completions = completions;
		}

		@Override
		public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
			AsyncContext async = super.startAsync(request, response);
			async.addListener(new Completion(this.completions));
			return async;
		}

	}

	private record Completion(Completions completions) implements AsyncListener {

		@Override
		public void onComplete(AsyncEvent event) {
			Runnable todo = this.completions.queue().poll();
			if (todo != null) {
				todo.run();
			}
		}

		@Override
		public void onTimeout(AsyncEvent event) {
		}

		@Override
		public void onError(AsyncEvent event) {
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
		}

	}

}
