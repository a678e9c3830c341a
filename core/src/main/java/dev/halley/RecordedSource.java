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

import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.util.Assert;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * A source that is recorded once somebody reads it.
 *
 * @param <T> the type of the messages
 */
final class RecordedSource<T> implements Recorded<T> {

	private static final Replay FROM_THE_START = Replay.last(0);

	private final Records records;

	private final String name;

	private final Type type;

	private final Supplier<? extends Publisher<? extends T>> publishers;

	private final Recording recording;

	private final @Nullable Function<? super List<T>, ? extends T> joiner;

	/** The only one it is, once it is known. */
	private final @Nullable RecordLog<T> only;

	private RecordedSource(RecordedSource<T> other, @Nullable Function<? super List<T>, ? extends T> joiner,
			@Nullable RecordLog<T> only) {
		this.records = other.records;
		this.name = other.name;
		this.type = other.type;
		this.publishers = other.publishers;
		this.recording = other.recording;
		this.joiner = joiner;
		this.only = only;
	}

	RecordedSource(Records records, String name, Type type, Supplier<? extends Publisher<? extends T>> publishers,
			Recording recording) {
		Assert.hasText(name, "'name' must not be empty");
		Assert.notNull(type, "'type' must not be null");
		Assert.notNull(publishers, "'source' must not be null");
		Assert.notNull(recording, "'recording' must not be null");
		this.records = records;
		this.name = name;
		this.type = type;
		this.publishers = publishers;
		this.recording = recording;
		this.joiner = null;
		this.only = null;
		records.check(name, type);
	}

	@Override
	public String name() {
		return this.name;
	}

	Type type() {
		return this.type;
	}

	Supplier<? extends Publisher<? extends T>> publishers() {
		return this.publishers;
	}

	/** The only run of it that this is, or {@code null}. */
	@Nullable RecordLog<T> only() {
		return this.only;
	}

	Recording recording() {
		return this.recording;
	}

	@Override
	public Out<T> out() {
		return outOf(FROM_THE_START, false, this::joined);
	}

	@Override
	public Out<T> out(Replay replay) {
		return outOf(replay, true, (element) -> {
			if (element instanceof HubEvent.Reset<?>) {
				throw HubResetException.ofRecorded(this.name);
			}
			return joined(element);
		});
	}

	@Override
	public Out<T> out(Replay replay, Function<? super HubEvent.Reset<T>, ? extends @Nullable T> onReset) {
		Assert.notNull(onReset, "'onReset' must not be null");
		return outOf(replay, false, (element) -> (element instanceof HubEvent.Reset<?> reset)
				? onReset.apply((HubEvent.Reset<T>) reset) : joined(element));
	}

	@Override
	public Out<HubEvent<T>> events(Replay replay) {
		return outOf(replay, false, this::event);
	}

	private Object joined(Object element) {
		return (element instanceof RecordLog.Missed<?> missed)
				? new PublishedMessage<>(join((RecordLog.Missed<T>) missed), missed.position()) : element;
	}

	private Object event(Object element) {
		if (element instanceof RecordLog.Missed<?> missed) {
			return new HubEvent.Message<>(missed.position(), join((RecordLog.Missed<T>) missed));
		}
		return (element instanceof PublishedMessage<?> message) ? message.event() : element;
	}

	private T join(RecordLog.Missed<T> missed) {
		Function<? super List<T>, ? extends T> joiner = this.joiner;
		T joined = (joiner != null) ? joiner.apply(missed.messages()) : null;
		if (joined == null) {
			throw new NullPointerException("A joiner returned null (expected: a message)");
		}
		return joined;
	}

	private <E> Out<E> outOf(Replay replay, boolean failing, Step first) {
		Assert.notNull(replay, "'replay' must not be null");
		return Out.ofSource((step) -> new Flux<Object>() {
			@Override
			public void subscribe(CoreSubscriber<? super Object> subscriber) {
				RecordedSource.this.subscribe(subscriber, replay, failing, first.then(step));
			}
		});
	}

	private void subscribe(CoreSubscriber<? super Object> subscriber, Replay replay, boolean failing, Step step) {
		RecordReader.Wish wish = new RecordReader.Wish(replay, failing, this.joiner != null);
		RecordReader reader = new RecordReader(subscriber, step, this.records, wish);
		Runnable reading;
		try {
			reading = this.records.prepare(this, reader);
		}
		catch (RuntimeException ex) {
			Operators.error(subscriber, ex);
			return;
		}
		reading.run();
	}

	@Override
	public Recorded<T> compact(Function<? super List<T>, ? extends T> joiner) {
		Assert.notNull(joiner, "'joiner' must not be null");
		return new RecordedSource<>(this, joiner, this.only);
	}

	@Override
	public void stop() {
		StackReserve.require();
		this.records.stop(this);
	}

	/** This as one run of it. */
	Recorded<T> of(RecordLog<T> only) {
		return new RecordedSource<>(this, this.joiner, only);
	}

	@Override
	public String toString() {
		return "Recorded[" + this.name + "]";
	}

}
