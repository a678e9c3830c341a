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

package dev.halley;

import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.springframework.util.Assert;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/**
 * Reads a stream, or what a supplier returns, for one subscriber, on demand, on a thread
 * that may block. A stream is closed once nobody reads from it any more.
 */
final class Streaming {

	private final Stream<?> stream;

	private final Iterator<?> iterator;

	private Streaming(Stream<?> stream) {
		this.stream = stream;
		this.iterator = stream.iterator();
	}

	/** A stream for each subscriber. */
	static Flux<Object> each(Supplier<? extends Stream<?>> streams) {
		return new ContextFlux<>(Flux.generate(() -> open(streams.get()), Streaming::next, Streaming::close))
			.subscribeOn(SourceThreads.SCHEDULER);
	}

	/** One stream, for the first subscriber. */
	static Flux<Object> once(Stream<?> stream) {
		AtomicBoolean taken = new AtomicBoolean();
		AtomicBoolean opened = new AtomicBoolean();
		return Flux.defer(() -> {
			Assert.state(taken.compareAndSet(false, true), "A Stream can be sent to one connection only "
					+ "(expected: a Supplier, which opens one for each connection)");
			return each(() -> opened.compareAndSet(false, true) ? stream : Stream.empty()).doOnCancel(() -> {
				if (opened.compareAndSet(false, true)) {
					stream.close();
				}
			});
		});
	}

	/** What a supplier returns, until it returns nothing, for each subscriber. */
	static Flux<Object> generated(Supplier<? extends Optional<?>> supplier) {
		Flux<Object> elements = Flux.generate((sink) -> {
			Optional<?> next = supplier.get();
			next.ifPresentOrElse(sink::next, sink::complete);
		});
		return new ContextFlux<>(elements).subscribeOn(SourceThreads.SCHEDULER);
	}

	private static Streaming open(Stream<?> stream) {
		Assert.state(stream != null, "The supplier of streams returned null (expected: a Stream)");
		try {
			return new Streaming(stream);
		}
		catch (Throwable ex) {
			stream.close();
			throw ex;
		}
	}

	private Streaming next(SynchronousSink<Object> sink) {
		if (this.iterator.hasNext()) {
			Object next = this.iterator.next();
			Assert.state(next != null, "A Stream contains null (expected: messages)");
			sink.next(next);
		}
		else {
			sink.complete();
		}
		return this;
	}

	private void close() {
		this.stream.close();
	}

}
