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

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionExecutors}.
 */
class ConnectionExecutorsTests {

	@Test
	void findTheApplicationsClassesThoughTheContainerMakesAThread() throws Exception {
		Executor executor = ConnectionExecutors.create("halley-test-", new MockEnvironment());
		CompletableFuture<ClassLoader> seen = new CompletableFuture<>();
		Thread containers = new Thread(
				() -> executor.execute(() -> seen.complete(Thread.currentThread().getContextClassLoader())));
		containers.setContextClassLoader(new URLClassLoader(new URL[0]));
		containers.start();
		assertThat(seen.get(30, TimeUnit.SECONDS)).isSameAs(Thread.currentThread().getContextClassLoader());
	}

	@Test
	void areDaemons() throws Exception {
		Executor executor = ConnectionExecutors.create("halley-test-", new MockEnvironment());
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		executor.execute(() -> thread.complete(Thread.currentThread()));
		assertThat(thread.get(30, TimeUnit.SECONDS).isDaemon()).isTrue();
		assertThat(thread.get().getName()).startsWith("halley-test-");
	}

}
