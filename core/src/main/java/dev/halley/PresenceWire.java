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

import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Where nodes tell each other who is present in one hub: sends what is to be told, and
 * listens to the others while that is wanted.
 * <p>
 * All happens in a {@link Lane} of its own, and waits for nothing.
 */
final class PresenceWire {

	private final String hub;

	private final BrokeredHubs hubs;

	private final Lane lane;

	private final Handler handler;

	private @Nullable BrokeredHub<PresenceMessage> wire;

	private @Nullable Disposable listening;

	/** For which turn the others were asked. */
	private int asked;

	PresenceWire(String hub, BrokeredHubs hubs, Handler handler) {
		this.hub = hub;
		this.hubs = hubs;
		this.lane = new Lane(hubs.others());
		this.handler = handler;
	}

	/** Sees what there is to do. Any thread. */
	void wake() {
		this.lane.execute(this::work);
	}

	private void work() {
		Work work = this.handler.take();
		if (work.following()) {
			follow(work.turn());
		}
		this.asked = work.turn();
		work.messages().forEach(this::publish);
		Disposable listening = this.listening;
		if (!work.following() && listening != null) {
			this.listening = null;
			listening.dispose();
			this.hubs.nodes().remove(this.handler);
		}
	}

	private void follow(int turn) {
		if (this.listening == null) {
			// The same one as before, which may be subscribed still
			BrokeredHub<PresenceMessage> wire = (this.wire != null) ? this.wire : this.hubs.presenceWire(this.hub);
			this.wire = wire;
			this.hubs.nodes().add(this.handler);
			this.listening = wire.listen(this.handler::receive, this.handler::resync);
		}
		else if (this.asked != turn) {
			// What was known was forgotten before this could cease to listen
			this.handler.resync();
		}
	}

	/** Sends something once more. Any thread. */
	void send(PresenceMessage message) {
		this.lane.execute(() -> publish(message));
	}

	private void publish(PresenceMessage message) {
		BrokeredHub<PresenceMessage> wire = this.wire;
		if (wire == null) {
			return;
		}
		BrokerCalls.ask(() -> wire.publish(message)).whenComplete((position, failure) -> {
			if (failure != null && !(failure instanceof HubMessageTooLargeException)) {
				this.handler.failed(message);
			}
		});
	}

	/**
	 * What there is to do.
	 *
	 * @param following whether the others are to be listened to
	 * @param turn how often that was begun
	 * @param messages what is to be told
	 */
	record Work(boolean following, int turn, List<PresenceMessage> messages) {
	}

	/** Whose presence it is. Called from whatever thread. */
	interface Handler extends PresenceNodes.Dependent {

		/** Takes what there is to do. */
		Work take();

		/** Something was told, by another node or by this one. */
		void receive(PresenceMessage message);

		/** Something may have been missed, as before the first message. */
		void resync();

		/** Something was not sent for sure. */
		void failed(PresenceMessage message);

	}

}
