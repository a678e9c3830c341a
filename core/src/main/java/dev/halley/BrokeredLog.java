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

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.PayloadCodec;

/**
 * One run of a source of all nodes: what this node knows of it. Its epoch is the number
 * of the record, so that positions are the same everywhere. The fields belong to the lane
 * of the record.
 *
 * @param <T> the type of the messages
 */
final class BrokeredLog<T> extends RecordLog<T> {

	/** The node that is subscribed to the source. */
	final long owner;

	final Recording recording;

	/** When it was claimed: nothing of it is older. */
	private final long claimedAt;

	/** Where the source is on this node. */
	@Nullable RecordOutbox<T> outbox;

	boolean ownerLost;

	/** Whether who comes later does not know of it, since its claim is gone. */
	boolean unclaimed;

	/** From when on it need not be known. */
	long keptUntil;

	/** Whether the others think that somebody reads here. */
	boolean announced;

	/** How many words about readers are under way. */
	int announcing;

	/** From when on the others may be told. */
	long announceFrom;

	/** Where else somebody reads. */
	final Set<Long> readElsewhere = new HashSet<>();

	/** When it is abandoned, unless somebody reads. */
	private @Nullable Long abandonedAt;

	/** How many had begun to read when it was seen. */
	private long readsSeen;

	private final Runnable onDeserted;

	BrokeredLog(long id, long owner, Recording recording, PayloadCodec codec, long claimedAt, Runnable onDeserted) {
		super(id, (kept, position) -> new PublishedMessage<>(position, true, (BrokerPayload) kept, codec));
		this.owner = owner;
		this.recording = recording;
		this.onDeserted = onDeserted;
		this.claimedAt = claimedAt;
		this.announceFrom = claimedAt;
	}

	@Override
	void onDeserted() {
		this.onDeserted.run();
	}

	/** This node may be behind the one on which a reader was before. */
	@Override
	int most() {
		return Integer.MAX_VALUE;
	}

	/** How old the first of it gets that has to be there, if it ends at a time. */
	Duration ageIfEnded(long now) {
		return Duration.ofNanos(now - this.claimedAt).plus(this.recording.keep());
	}

	/** Whether it need not be known any more. */
	boolean isExpired(long now) {
		return isEnded() && now - this.keptUntil >= 0;
	}

	/** Its claim has come once more: whether all of it is to follow. */
	boolean isToBeSentAgain(RecordMessage.Claim claim) {
		RecordOutbox<T> outbox = this.outbox;
		boolean again = this.unclaimed && claim.id() == epoch() && outbox != null;
		if (again && outbox != null) {
			this.unclaimed = false;
			outbox.sendAll();
		}
		return again;
	}

	/**
	 * What was told when it began, to be told once more.
	 * @param after the offset of the last message that this node has seen
	 */
	RecordMessage claim(long after) {
		return new RecordMessage.Claim(this.owner, epoch(), after, this.recording);
	}

	/** What all are told when the rest of it cannot be had. */
	RecordMessage.End lost() {
		return new RecordMessage.End(epoch(), RecordMessage.Kind.LOST, "");
	}

	/** A message has come back: returns what is to be kept of it. */
	Object returned(RecordMessage.Item item) {
		RecordOutbox<T> outbox = this.outbox;
		return (outbox != null && item.id() == epoch()) ? outbox.returned(item) : item.payload();
	}

	/** The end has come back. */
	void returned(RecordMessage.End end) {
		RecordOutbox<T> outbox = this.outbox;
		if (outbox != null && end.id() == epoch()) {
			outbox.ended(end, size());
		}
	}

	/** What readers here fail with at an end. */
	@Nullable Throwable failure(String name, RecordMessage.End end) {
		Throwable here = (this.outbox != null) ? this.outbox.failure(end) : null;
		if (here != null) {
			return here;
		}
		return switch (end.kind()) {
			case COMPLETE -> null;
			case FAILED -> new RecordedFailedException(name, end.detail());
			case FULL -> new RecordingFullException(name, this.recording);
			case LOST -> new RecordedLostException(name);
		};
	}

	/** Whether somebody reads here, or the others have to be told that nobody does. */
	boolean concernsReaders() {
		return hasReaders() || this.announced || this.announcing > 0;
	}

	/** Whether somebody reads, on whichever node. */
	boolean isRead() {
		return hasReaders() || !this.readElsewhere.isEmpty();
	}

	/**
	 * Returns when it is abandoned: some time after it was seen that nobody reads.
	 * @param after how long after that, in nanoseconds
	 * @param now the time
	 */
	long abandonedAt(long after, long now) {
		long reads = reads();
		Long known = this.abandonedAt;
		long at = (known == null || isRead() || reads != this.readsSeen) ? now + after : known;
		this.abandonedAt = isRead() ? null : Long.valueOf(at);
		this.readsSeen = reads;
		return at;
	}

	/** The rest of it cannot be had. */
	void lose(String name) {
		RecordOutbox<T> outbox = this.outbox;
		this.outbox = null;
		if (outbox != null) {
			outbox.stop();
		}
		end(new RecordedLostException(name));
	}

}
