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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * What a node has to tell the others of who is present in a hub.
 * <p>
 * Not thread-safe.
 */
final class PresenceOutbox {

	/** After something could not be sent. */
	static final long RETRY = TimeUnit.SECONDS.toNanos(1);

	/** So many bytes of members go into one message, unless it is one member. */
	private static final int PART = 64 * 1024;

	private final long node;

	private final int room;

	private final Members members;

	/** About whom the others have to be told. */
	private Set<String> changed = new LinkedHashSet<>();

	/** Whose data somebody else does not have. */
	private Set<String> outdated = new LinkedHashSet<>();

	/** Whether the others have to be told of all who are here. */
	private boolean announcing;

	/** Whether the others have to be asked. */
	private boolean asking;

	/** How many parts of all who are here were told of. */
	private long parts;

	/** When the others may be told. */
	private long from;

	private final Queue<PresenceMessage> messages = new ArrayDeque<>();

	/**
	 * Creates an outbox.
	 * @param node the number of this node
	 * @param mostBytes how large a message may be
	 * @param members who is present
	 * @param now the time in nanoseconds
	 */
	PresenceOutbox(long node, int mostBytes, Members members, long now) {
		this.node = node;
		this.room = Math.min(PART, mostBytes) - PresenceCodec.OVERHEAD;
		this.members = members;
		this.from = now;
	}

	void change(String member) {
		this.changed.add(member);
	}

	/** Another node has older data of a member. */
	void correct(String member) {
		this.outdated.add(member);
	}

	void ask() {
		this.asking = true;
	}

	void announce() {
		this.announcing = true;
	}

	/** A message was not sent for sure, which is made good by telling of all. */
	void failed(PresenceMessage message, long now) {
		this.asking |= message instanceof PresenceMessage.Ask;
		this.announcing |= !(message instanceof PresenceMessage.Ask);
		if (message instanceof PresenceMessage.Changes changes) {
			changes.entries().forEach((entry) -> this.outdated.add(entry.name()));
		}
		this.from = now + RETRY;
	}

	/** When there is something to be told, {@code null} if there is nothing. */
	@Nullable Long due() {
		boolean nothing = this.changed.isEmpty() && this.outdated.isEmpty();
		return (this.asking || this.announcing || !nothing) ? this.from : null;
	}

	/**
	 * Makes messages of what has come together.
	 * @return whether there was something, and it is time
	 */
	boolean flush(long now) {
		Long due = due();
		if (due == null || now - due < 0) {
			return false;
		}
		if (this.asking) {
			this.messages.add(new PresenceMessage.Ask(this.node));
		}
		List<PresenceMessage.Entry> entries = new ArrayList<>();
		if (this.announcing) {
			addStates();
		}
		else {
			this.changed.forEach((name) -> addMember(name, entries));
		}
		this.outdated.addAll(this.changed);
		this.outdated.forEach((name) -> addData(name, entries));
		parts(entries).forEach((part) -> this.messages.add(new PresenceMessage.Changes(this.node, part)));
		this.asking = false;
		this.announcing = false;
		this.changed = new LinkedHashSet<>();
		this.outdated = new LinkedHashSet<>();
		return true;
	}

	/** Whether one is here, and if so with which data. */
	private void addMember(String name, List<PresenceMessage.Entry> entries) {
		MemberData data = this.members.known(name);
		entries.add((this.members.isHere(name) && data != null) ? data.toEntry(name, PresenceMessage.Kind.HERE)
				: PresenceMessage.Entry.gone(name));
	}

	/** The data of one who is not here, which may have been set here all the same. */
	private void addData(String name, List<PresenceMessage.Entry> entries) {
		MemberData data = this.members.known(name);
		if (data != null && (!this.members.isHere(name) || !this.changed.contains(name))) {
			entries.add(data.toEntry(name, PresenceMessage.Kind.ELSEWHERE));
		}
	}

	private void addStates() {
		List<PresenceMessage.Entry> entries = new ArrayList<>();
		this.members.here().forEach((name) -> addMember(name, entries));
		List<List<PresenceMessage.Entry>> parts = parts(entries);
		if (parts.isEmpty()) {
			addNobody();
		}
		for (int i = 0; i < parts.size(); i++) {
			addState(i == 0, i == parts.size() - 1, parts.get(i));
		}
	}

	/** Nobody is here any more. */
	void addNobody() {
		addState(true, true, List.of());
	}

	private void addState(boolean first, boolean last, List<PresenceMessage.Entry> entries) {
		this.messages.add(new PresenceMessage.State(this.node, ++this.parts, first, last, entries));
	}

	private List<List<PresenceMessage.Entry>> parts(List<PresenceMessage.Entry> entries) {
		List<List<PresenceMessage.Entry>> parts = new ArrayList<>();
		int size = this.room;
		for (PresenceMessage.Entry entry : entries) {
			int more = PresenceCodec.sizeOf(entry.name(), entry.data());
			if (size + more > this.room) {
				parts.add(new ArrayList<>());
				size = 0;
			}
			size += more;
			parts.get(parts.size() - 1).add(entry);
		}
		return parts;
	}

	boolean isEmpty() {
		return this.messages.isEmpty();
	}

	/** Takes the messages, to be sent in their order. */
	List<PresenceMessage> take() {
		List<PresenceMessage> messages = List.copyOf(this.messages);
		this.messages.clear();
		return messages;
	}

	/**
	 * Who is present.
	 */
	interface Members {

		/** The names of those who are here. */
		Collection<String> here();

		/** Whether one is here. */
		boolean isHere(String name);

		/** The data of one who is present, on whichever node. */
		@Nullable MemberData known(String name);

	}

}
