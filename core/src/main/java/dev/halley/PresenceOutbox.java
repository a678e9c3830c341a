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
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * What a node has to tell the others of who is present in a hub.
 * <p>
 * Not thread-safe.
 */
final class PresenceOutbox {

	/** After something could not be sent. */
	private static final long RETRY = TimeUnit.SECONDS.toNanos(1);

	/** So many bytes of members go into one message, unless it is one member. */
	private static final int PART = 64 * 1024;

	private final long node;

	private final int room;

	private final Members members;

	/** About whom the others have to be told. */
	private Set<String> changed = new LinkedHashSet<>();

	/** Whether the others have to be told of all who are here. */
	private boolean announcing;

	/** Whether the others have to be asked. */
	private boolean asking;

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
		this.from = now + RETRY;
	}

	/** When there is something to be told, {@code null} if there is nothing. */
	@Nullable Long due() {
		return (this.asking || this.announcing || !this.changed.isEmpty()) ? this.from : null;
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
		if (this.announcing) {
			// What was set here for members of other nodes is no part of the state
			addChanges((name) -> !this.members.isHere(name) && this.members.known(name) != null);
			addStates();
		}
		else {
			addChanges((name) -> true);
		}
		this.asking = false;
		this.announcing = false;
		this.changed = new LinkedHashSet<>();
		return true;
	}

	private void addChanges(Predicate<String> filter) {
		List<PresenceMessage.Entry> entries = new ArrayList<>();
		this.changed.stream().filter(filter).forEach((name) -> addChange(name, entries));
		parts(entries).forEach((part) -> this.messages.add(new PresenceMessage.Changes(this.node, part)));
	}

	/** One who is gone from here may have got data here all the same. */
	private void addChange(String name, List<PresenceMessage.Entry> entries) {
		MemberData data = this.members.known(name);
		boolean here = this.members.isHere(name);
		if (!here) {
			entries.add(PresenceMessage.Entry.gone(name));
		}
		if (data != null && (here || data.node() == this.node)) {
			entries.add(data.toEntry(name, here ? PresenceMessage.Kind.HERE : PresenceMessage.Kind.ELSEWHERE));
		}
	}

	private void addStates() {
		List<PresenceMessage.Entry> entries = new ArrayList<>();
		this.members.here().forEach((name) -> addChange(name, entries));
		List<List<PresenceMessage.Entry>> parts = parts(entries);
		if (parts.isEmpty()) {
			addNobody();
		}
		for (int i = 0; i < parts.size(); i++) {
			boolean last = (i == parts.size() - 1);
			this.messages.add(new PresenceMessage.State(this.node, i == 0, last, parts.get(i)));
		}
	}

	/** Nobody is here any more. */
	void addNobody() {
		this.messages.add(new PresenceMessage.State(this.node, true, true, List.of()));
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
