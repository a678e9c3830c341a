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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.PayloadCodec;

/**
 * On the node that is subscribed to a source: what it has emitted, and how much of that
 * the others have. Some messages are under way at a time; after one that was not sent for
 * sure, all are sent again from the first that has not come back. Whoever has one already
 * knows by its number.
 * <p>
 * The monitor guards what the source changes; what has come back belongs to the lane of
 * the record.
 *
 * @param <T> the type of the messages
 */
final class RecordOutbox<T> implements SourceRun.Target<T> {

	/** How many messages are under way at most. */
	static final int WINDOW = 64;

	private static final int LONGEST_DETAIL = 200;

	private final String name;

	private final long id;

	private final Recording recording;

	private final PayloadCodec codec;

	private final int mostBytes;

	private final Runnable onChange;

	private final SourceRun<T> run;

	private final List<BrokerPayload> items = new ArrayList<>();

	private long bytes;

	private @Nullable Throwable failure;

	private RecordMessage.@Nullable End end;

	private int sent;

	private int returned;

	private boolean endReturned;

	/**
	 * Creates an outbox.
	 * @param name of the source
	 * @param id of the record
	 * @param source is recorded
	 * @param context of the reader for which it is begun
	 * @param codec encodes messages
	 * @param mostBytes how large one may be
	 * @param onChange called when there is more to be sent
	 */
	RecordOutbox(String name, long id, RecordedSource<T> source, CallContext context, PayloadCodec codec, int mostBytes,
			Runnable onChange) {
		this.name = name;
		this.id = id;
		this.recording = source.recording();
		this.codec = codec;
		this.mostBytes = mostBytes;
		this.onChange = onChange;
		this.run = new SourceRun<>(this, context);
	}

	/** Called once. */
	void start(Supplier<? extends Publisher<? extends T>> publishers) {
		this.run.start(publishers);
	}

	@Override
	public boolean add(T message) {
		StackReserve.requireOutsideDeliveries();
		BrokerPayload payload;
		try {
			payload = this.codec.encode(message);
		}
		catch (Exception ex) {
			end(ex);
			return false;
		}
		int size = payload.bytes().length;
		if (size > this.mostBytes) {
			end(new HubMessageTooLargeException(this.name, size, this.mostBytes));
			return false;
		}
		if (!append(payload, size)) {
			end(new RecordingFullException(this.name, this.recording));
			return false;
		}
		this.onChange.run();
		return true;
	}

	private synchronized boolean append(BrokerPayload payload, int size) {
		if (this.end != null) {
			return true;
		}
		if (this.items.size() >= this.recording.messages() || this.bytes + size > this.recording.bytes()) {
			return false;
		}
		this.items.add(payload);
		this.bytes += size;
		return true;
	}

	@Override
	public void end(@Nullable Throwable failure) {
		synchronized (this) {
			if (this.end != null) {
				return;
			}
			this.failure = failure;
			this.end = new RecordMessage.End(this.id, kind(failure), detail(failure));
		}
		this.onChange.run();
	}

	private static RecordMessage.Kind kind(@Nullable Throwable failure) {
		if (failure == null) {
			return RecordMessage.Kind.COMPLETE;
		}
		return (failure instanceof RecordingFullException) ? RecordMessage.Kind.FULL : RecordMessage.Kind.FAILED;
	}

	private static String detail(@Nullable Throwable failure) {
		String name = (failure != null) ? failure.getClass().getName() : "";
		return name.substring(0, Math.min(name.length(), LONGEST_DETAIL));
	}

	/** Cancels the source: what it has emitted is sent, and then its end. */
	void stop() {
		end(null);
		this.run.cancel();
	}

	/**
	 * The record has ended, for whichever reason.
	 * @param end what all were told
	 * @param size how many messages there are then
	 */
	void ended(RecordMessage.End end, int size) {
		synchronized (this) {
			if (!end.equals(this.end)) {
				this.failure = null;
			}
			this.end = end;
			this.items.subList(Math.min(size, this.items.size()), this.items.size()).clear();
		}
		this.endReturned = true;
		this.run.cancel();
	}

	/** What the source has failed with, if that is its end. */
	synchronized @Nullable Throwable failure(RecordMessage.End end) {
		return end.equals(this.end) ? this.failure : null;
	}

	/** Takes what is to be sent now. */
	synchronized List<RecordMessage> take() {
		List<RecordMessage> taken = new ArrayList<>();
		this.sent = Math.max(this.sent, this.returned);
		while (this.sent < this.items.size() && this.sent - this.returned < WINDOW) {
			taken.add(new RecordMessage.Item(this.id, this.sent, this.items.get(this.sent)));
			this.sent++;
		}
		return taken;
	}

	/** What is to be sent when all else has come back, {@code null} before and after. */
	synchronized RecordMessage.@Nullable End takeEnd() {
		return (this.returned == this.items.size() && !this.endReturned) ? this.end : null;
	}

	/** A message has come back. */
	synchronized BrokerPayload returned(RecordMessage.Item item) {
		if (item.index() == this.returned && item.index() < this.items.size()) {
			this.returned++;
		}
		return (item.index() < this.items.size()) ? this.items.get(item.index()) : item.payload();
	}

	/** All that has not come back is to be sent again. */
	void sendAgain() {
		this.sent = this.returned;
	}

	/** All is to be sent again. */
	void sendAll() {
		this.sent = 0;
		this.returned = 0;
		this.endReturned = false;
	}

}
