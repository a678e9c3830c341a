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

import java.time.Clock;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.halley.ContextCapture;
import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionObserver;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.LoginSource;
import dev.halley.connection.Logins;

/**
 * What testers run their pairs on: threads, a time, and a registry that has both. A
 * tester of a pair has one for itself, those of one application share one.
 */
final class TesterRuntime {

	private final Workers workers = new Workers(this::failed);

	private final VirtualTime time = new VirtualTime(this.workers);

	private final ConnectionRegistry registry;

	private volatile @Nullable Transcript transcript;

	TesterRuntime(ContextCapture contexts) {
		this.registry = new ConnectionRegistry(this.workers::execute, this.workers::execute, ConnectionLimits.NONE,
				this.time::nanos, ContextCapture.all(List.of(contexts, this.time::context)), ConnectionObserver.NONE);
	}

	Workers workers() {
		return this.workers;
	}

	VirtualTime time() {
		return this.time;
	}

	ConnectionRegistry registry() {
		return this.registry;
	}

	/** Connections end with the logins of the application, whose time is the real one. */
	void endWith(LoginSource source) {
		this.registry.endWith(new Logins(source, Logins.Settings.DEFAULT, this.workers::execute, Clock.systemUTC()));
	}

	/** Starts a transcript, which from now on is told of what nobody else is. */
	Transcript transcript(String title) {
		long start = this.time.nanos();
		Transcript transcript = new Transcript(title, () -> this.time.nanos() - start);
		this.transcript = transcript;
		return transcript;
	}

	private void failed(Throwable failure) {
		Transcript transcript = this.transcript;
		if (transcript != null) {
			transcript.problem("thrown: " + Transcript.print(failure));
		}
	}

}
