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

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * A connection as one whose messages have ids: remembers what it got, and as which id,
 * and with which id its peer would come back.
 */
final class WireWithIds extends StrictSubscriber {

	private final Positions positions;

	private final List<String> sent = new ArrayList<>();

	private @Nullable String lastId;

	private boolean cut;

	private WireWithIds(long initial, boolean signals) {
		super(initial, null);
		this.positions = new Positions(signals);
	}

	/** One that takes all there is. */
	static WireWithIds open(Out<?> out) {
		return run(out, new WireWithIds(Long.MAX_VALUE, true));
	}

	/** One that takes so many elements, and no signals. */
	static WireWithIds withoutSignals(Out<?> out) {
		return run(out, new WireWithIds(Long.MAX_VALUE, false));
	}

	/** One that takes what is asked for. */
	static WireWithIds waiting(Out<?> out) {
		return run(out, new WireWithIds(0, true));
	}

	private static WireWithIds run(Out<?> out, WireWithIds wire) {
		out.elements().subscribe(wire);
		return wire;
	}

	@Override
	public Context currentContext() {
		return Context.of(SendBuffer.class, new SendBuffer(1_000_000, 1L << 40, Overflow.CLOSE, null), Positions.class,
				this.positions);
	}

	@Override
	public void onNext(Object element) {
		super.onNext(element);
		Position position = (element instanceof HubSignal signal) ? signal.position() : Positions.of(element);
		Position reached = (position != null) ? this.positions.reach(position) : null;
		synchronized (this.sent) {
			if (!this.cut) {
				this.lastId = (reached != null) ? reached.toString() : this.lastId;
				this.sent.add(text(element) + ((reached != null) ? "@" + reached : ""));
			}
		}
	}

	/** The peer is gone: what is sent from now on, nobody gets. */
	void cut() {
		synchronized (this.sent) {
			this.cut = true;
		}
		cancel();
	}

	private static String text(Object element) {
		if (element instanceof HubSignal signal) {
			return signal.isReset() ? "reset" : "start";
		}
		return String.valueOf(Elements.<Object>unwrap(element));
	}

	/** What was sent: {@code message@id}, {@code start@id}, {@code reset@id}. */
	List<String> sent() {
		synchronized (this.sent) {
			return List.copyOf(this.sent);
		}
	}

	@Nullable String lastId() {
		synchronized (this.sent) {
			return this.lastId;
		}
	}

	/** The messages without ids and signals, as text. */
	List<String> texts() {
		return sent().stream()
			.map((sent) -> sent.replaceFirst("@[a-z0-9.-]+$", ""))
			.filter((text) -> !text.equals("start"))
			.toList();
	}

}
