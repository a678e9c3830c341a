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

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import dev.halley.ContextCapture;
import dev.halley.InOut;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionSettings;

/**
 * Says how a pair is to be run. Not thread-safe.
 *
 * @param <I> the type of the messages that the pair takes
 * @param <O> the type of the messages that the pair sends
 * @since 0.1
 * @see PairTester#builder(InOut)
 */
public final class PairTesterBuilder<I, O> {

	private static final AtomicInteger COUNT = new AtomicInteger();

	private final InOut<I, O> pair;

	private Class<?> inType = Object.class;

	private Class<?> outType = Object.class;

	private boolean typed;

	private boolean stream;

	private @Nullable MessageCodecs codecs;

	private ConnectionSettings settings = ConnectionSettings.DEFAULT;

	private Duration timeout = Timeouts.standard();

	private Duration patience = Timeouts.standard();

	PairTesterBuilder(InOut<I, O> pair) {
		this.pair = pair;
	}

	/**
	 * Encodes and decodes all messages, in place of handing them over as they are.
	 * @param in the type of the messages that the pair takes
	 * @param out the type of the messages that the pair sends
	 * @return this builder
	 */
	public PairTesterBuilder<I, O> types(Class<I> in, Class<O> out) {
		Assert.notNull(in, "'in' must not be null");
		Assert.notNull(out, "'out' must not be null");
		this.inType = in;
		this.outType = out;
		this.typed = true;
		return this;
	}

	/**
	 * Finds the codecs of the {@link #types} here, such as in the application's bean of
	 * this type.
	 * @param codecs the codecs
	 * @return this builder
	 */
	public PairTesterBuilder<I, O> codecs(MessageCodecs codecs) {
		Assert.notNull(codecs, "'codecs' must not be null");
		this.codecs = codecs;
		return this;
	}

	/**
	 * Changes the connection's limits and time-outs, which are
	 * {@link ConnectionSettings#DEFAULT}.
	 * @param change such as {@code (settings) -> settings.withOverflow(…)}
	 * @return this builder
	 */
	public PairTesterBuilder<I, O> settings(UnaryOperator<ConnectionSettings> change) {
		Assert.notNull(change, "'change' must not be null");
		this.settings = change.apply(this.settings);
		return this;
	}

	/**
	 * Runs the pair as Comet and event streams do: the stream ends when its out does.
	 * @return this builder
	 */
	public PairTesterBuilder<I, O> stream() {
		this.stream = true;
		return this;
	}

	/**
	 * Waits longer or shorter for what is expected.
	 * @param timeout the most real time of each wait
	 * @return this builder
	 */
	public PairTesterBuilder<I, O> timeout(Duration timeout) {
		this.timeout = Timeouts.check(timeout);
		this.patience = (timeout.compareTo(this.patience) > 0) ? timeout : this.patience;
		return this;
	}

	/** How long the pair's own work may take before it counts as one that never ends. */
	PairTesterBuilder<I, O> patience(Duration patience) {
		this.patience = patience;
		return this;
	}

	/**
	 * Opens the connection.
	 * @return its peer
	 */
	public PairTester<I, O> open() {
		TesterRuntime runtime = new TesterRuntime(ContextCapture.NONE);
		return open(runtime, runtime.transcript("a pair, in the tester's own time"));
	}

	/** Opens the connection, with a transcript that may have other lines too. */
	PairTester<I, O> open(TesterRuntime runtime, Transcript transcript) {
		ObservedRun run = new ObservedRun(transcript);
		ConnectionInfo info = new ConnectionInfo("tester-" + COUNT.incrementAndGet(), this.stream ? "sse" : "websocket",
				"/", "PairTester", URI.create("/"), null, null, null, Instant.now());
		TesterSettings tester = new TesterSettings(this.inType, this.outType, codec(this.inType), codec(this.outType),
				this.stream, this.timeout, this.patience);
		Connection connection = new Connection(info, run.of(this.pair), tester.inCodec(), tester.outCodec(),
				run::failed, this.settings, runtime.registry(), runtime.registry().reserve(null, null));
		return new PairTester<>(tester, runtime, transcript, connection, run);
	}

	private MessageCodec<Object> codec(Class<?> type) {
		if (!this.typed) {
			return ObjectCodec.INSTANCE;
		}
		MessageCodecs codecs = (this.codecs != null) ? this.codecs : Codecs.standard();
		this.codecs = codecs;
		return Codecs.find(codecs, type);
	}

}
