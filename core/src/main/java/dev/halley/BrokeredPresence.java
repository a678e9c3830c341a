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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.BrokerPayload;

/**
 * Who is present in a hub of all nodes. Each node tells the others what changes on it,
 * and all who are present there when one asks; whoever is present anywhere is present.
 * Nothing is kept at the broker: what a node knows of another goes when that is
 * {@linkplain PresenceNodes lost}, or does not answer.
 * <p>
 * {@link PresenceFollowing} says when the others are listened to, and
 * {@link NewestMemberData} whose data counts. What is sent and what is subscribed to is
 * the work of the {@link PresenceWire}.
 *
 * @param <T> the type of the hub's messages
 */
final class BrokeredPresence<T> extends HubPresence<T> implements PresenceOutbox.Members, PresenceWire.Handler {

	private static final BrokerPayload NONE = new BrokerPayload(new byte[0], false);

	private final BrokeredHubs hubs;

	private final PresenceNodes nodes;

	private final MemberDataCodec codec;

	private final PresenceWire wire;

	private final MembersElsewhere elsewhere;

	/** That of each who is present, here or elsewhere. */
	private final NewestMemberData data = new NewestMemberData();

	private final PresenceOutbox outbox;

	private final PresenceFollowing following;

	/** When something changed here last. */
	private long changed;

	BrokeredPresence(BrokeredHub<T> hub, BrokeredHubs hubs, HubTimes times, boolean closed) {
		super(hub, times, closed);
		this.hubs = hubs;
		this.nodes = hubs.nodes();
		this.codec = new MemberDataCodec(hubs.memberData(), hub.name(), hubs.broker().maxPayloadSize());
		this.wire = new PresenceWire(hub.name(), hubs, this);
		this.elsewhere = new MembersElsewhere(hubs.times().lease().toNanos());
		this.changed = this.timer.now();
		this.following = new PresenceFollowing(this.changed, this::callAt);
		this.outbox = new PresenceOutbox(this.nodes.id(), hubs.broker().maxPayloadSize(), this, this.changed);
	}

	@Override
	Object prepare(String member, Object data) {
		BrokerPayload payload = this.codec.encode(member, data);
		MemberData known;
		synchronized (this.order) {
			known = known(member);
		}
		if (known != null && known.payload().equals(payload)) {
			return known;
		}
		return new MemberData(0, this.nodes.id(), payload, this.codec.decode(member, payload));
	}

	@Override
	void set(String member, Object prepared) {
		this.data.set(member, (MemberData) prepared, this.nodes.id());
	}

	/**
	 * What is equal to what readers have been told is no change. To compare what the
	 * codec has made is no foreign code.
	 */
	@Override
	@Nullable Object data(String member) {
		MemberData data = this.data.get(member);
		if (data == null) {
			return null;
		}
		Object told = this.roster.data(member);
		return (told != null && told.equals(data.value())) ? told : data.value();
	}

	@Override
	void changedHere(String member) {
		super.changedHere(member);
		forgetIfGone(member);
		this.outbox.change(member);
		this.changed = this.timer.now();
		this.following.use(this.changed);
	}

	private void forgetIfGone(String member) {
		if (this.members.data(member) == null && !this.elsewhere.contains(member)) {
			this.data.remove(member);
		}
	}

	/** The others are asked. */
	@Override
	public void nodeIsBack() {
		act(this.outbox::ask);
	}

	/** The others are told of all who are present here, or that nobody is. */
	@Override
	public void wasSilent() {
		act(this.outbox::announce);
	}

	@Override
	public void nodeLost(long node) {
		act(() -> left(this.elsewhere.remove(node)));
	}

	@Override
	public void resync() {
		act(() -> {
			long now = this.timer.now();
			this.elsewhere.doubt(now);
			if (this.elsewhere.isInDoubt()) {
				callAt(this.elsewhere.doubtedUntil());
			}
			this.outbox.ask();
			this.outbox.announce();
			this.following.asked(now);
		});
	}

	private void act(Runnable action) {
		Set<PresenceReader<T>> told;
		synchronized (this.order) {
			if (this.closed || !this.following.isUnderWay()) {
				return;
			}
			action.run();
			told = tell();
		}
		deliver(told);
	}

	/** Called within the lock. */
	private void left(Collection<String> names) {
		for (String name : names) {
			forgetIfGone(name);
			this.roster.touch(name);
		}
	}

	@Override
	public void receive(PresenceMessage message) {
		if (message.node() == this.nodes.id()) {
			receiveOwn(message);
			return;
		}
		this.nodes.hear(message.node());
		if (message instanceof PresenceMessage.Ask) {
			wasSilent();
		}
		else if (message instanceof PresenceMessage.Changes changes) {
			Map<String, MemberData> decoded = decode(changes.entries());
			act(() -> apply(changes, decoded));
		}
		else if (message instanceof PresenceMessage.State state) {
			Map<String, MemberData> decoded = decode(state.entries());
			act(() -> apply(state, decoded));
		}
	}

	/**
	 * A hub of this name that was closed here may have told that nobody is here any more,
	 * after those have come who are in this one.
	 */
	private void receiveOwn(PresenceMessage message) {
		if (message instanceof PresenceMessage.State state && state.entries().isEmpty()) {
			act(() -> {
				if (!this.members.isEmpty()) {
					this.outbox.announce();
				}
			});
		}
	}

	private Map<String, MemberData> decode(List<PresenceMessage.Entry> entries) {
		Map<String, MemberData> decoded;
		synchronized (this.order) {
			decoded = this.data.known(entries);
		}
		for (PresenceMessage.Entry entry : entries) {
			MemberData known = decoded.get(entry.name());
			if (entry.kind() != PresenceMessage.Kind.GONE && (known == null || !known.isSame(entry))) {
				decoded.put(entry.name(), decode(entry));
			}
		}
		return decoded;
	}

	private MemberData decode(PresenceMessage.Entry entry) {
		BrokerPayload payload = (entry.data() != null) ? entry.data() : NONE;
		return new MemberData(entry.clock(), entry.setter(), payload, this.codec.read(payload));
	}

	/** Called within the lock. */
	private void apply(PresenceMessage.Changes changes, Map<String, MemberData> decoded) {
		for (PresenceMessage.Entry entry : changes.entries()) {
			String name = entry.name();
			MemberData data = decoded.get(name);
			if (entry.kind() == PresenceMessage.Kind.GONE || data == null) {
				this.elsewhere.remove(changes.node(), name);
				forgetIfGone(name);
			}
			else {
				if (entry.kind() == PresenceMessage.Kind.HERE) {
					this.elsewhere.add(changes.node(), name);
				}
				merge(name, data);
			}
			this.roster.touch(name);
		}
	}

	/** Called within the lock. */
	private void apply(PresenceMessage.State state, Map<String, MemberData> decoded) {
		Map<String, MemberData> all = this.elsewhere.collect(state, decoded);
		if (all != null) {
			left(this.elsewhere.replace(state.node(), all.keySet()));
			all.forEach((name, data) -> {
				merge(name, data);
				this.roster.touch(name);
			});
		}
	}

	/** The newest data counts, and whoever has older data is told. */
	private void merge(String name, MemberData data) {
		boolean present = this.members.data(name) != null || this.elsewhere.contains(name);
		if (present && !this.data.merge(name, data)) {
			this.outbox.correct(name);
		}
	}

	@Override
	boolean mayBegin() {
		return this.following.mayReadersBegin() || this.closed;
	}

	@Override
	Set<PresenceReader<T>> expireElsewhere(long now) {
		if (this.closed || !this.following.isUnderWay()) {
			return Set.of();
		}
		Set<PresenceReader<T>> told = this.following.letReadersBegin(now) ? readers() : Set.of();
		endDoubt(now);
		return told;
	}

	private void endDoubt(long now) {
		if (this.elsewhere.isInDoubt()) {
			left(this.elsewhere.endDoubt(now, this.hubs.broker().state().up()));
			if (this.elsewhere.isInDoubt()) {
				callAt(this.elsewhere.doubtedUntil());
			}
		}
	}

	@Override
	@Nullable Long tellsElsewhereAt() {
		return this.outbox.due();
	}

	@Override
	boolean tellElsewhere(long now) {
		return this.outbox.flush(now);
	}

	@Override
	public Collection<String> here() {
		return this.members.names();
	}

	@Override
	public boolean isHere(String name) {
		return this.members.data(name) != null;
	}

	@Override
	public @Nullable MemberData known(String name) {
		return this.data.get(name);
	}

	@Override
	Map<String, Object> members() {
		synchronized (this.order) {
			this.following.use(this.timer.now());
		}
		released();
		return super.members();
	}

	/** Begins or ends to listen to others, and lets go what is to be sent. */
	@Override
	void released() {
		synchronized (this.order) {
			if (!followOrNot() && (this.outbox.isEmpty() || !this.following.isUnderWay())) {
				return;
			}
		}
		this.wire.wake();
	}

	/**
	 * Called within the lock.
	 * @return whether it begins or ends
	 */
	private boolean followOrNot() {
		boolean inUse = !this.members.isEmpty() || hasReaders();
		boolean changes = this.closed ? this.following.end() : this.following.look(this.timer.now(), inUse);
		if (changes && !this.following.isUnderWay()) {
			left(this.elsewhere.clear());
			if (!this.closed) {
				tell();
			}
		}
		return changes;
	}

	@Override
	void closeElsewhere() {
		if (!this.members.isEmpty()) {
			this.outbox.addNobody();
			this.changed = this.timer.now();
		}
		this.elsewhere.clear();
		this.data.clear();
	}

	@Override
	public PresenceWire.Work take() {
		synchronized (this.order) {
			return new PresenceWire.Work(this.following.isUnderWay(), this.following.turn(), this.outbox.take());
		}
	}

	/**
	 * It is tried again for as long as the others may not have taken this node for dead
	 * since something changed, though nobody is here any more, and while somebody is.
	 */
	@Override
	public void failed(PresenceMessage message) {
		Set<PresenceReader<T>> told;
		synchronized (this.order) {
			long now = this.timer.now();
			boolean expected = now - this.changed < 2 * this.hubs.times().lease().toNanos();
			if (this.closed) {
				if (expected && message instanceof PresenceMessage.State state && state.entries().isEmpty()) {
					this.timer.at(now + PresenceOutbox.RETRY, () -> this.wire.send(message));
				}
				return;
			}
			if (expected) {
				this.following.use(now);
			}
			this.outbox.failed(message, now);
			told = tell();
		}
		deliver(told);
	}

}
