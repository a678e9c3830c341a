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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Who waits until it is known what is recorded under a name. Belongs to the lane of the
 * record.
 *
 * @param <T> the type of the messages
 */
final class RecordQueue<T> {

	private final String name;

	private final Map<RecordReader, RecordedSource<T>> readers = new LinkedHashMap<>();

	private final List<CompletableFuture<@Nullable RecordLog<T>>> questions = new ArrayList<>();

	RecordQueue(String name) {
		this.name = name;
	}

	boolean isEmpty() {
		return this.readers.isEmpty() && this.questions.isEmpty();
	}

	/** A reader that is subscribed waits for what it is to read. */
	void add(RecordReader reader, RecordedSource<T> source) {
		if (reader.subscription().isOpen()) {
			this.readers.put(reader, source);
		}
	}

	void remove(RecordReader reader) {
		this.readers.remove(reader);
	}

	/** Somebody waits for what is recorded, or {@code null} if nothing is. */
	void add(CompletableFuture<@Nullable RecordLog<T>> question) {
		this.questions.add(question);
	}

	void remove(CompletableFuture<@Nullable RecordLog<T>> question) {
		this.questions.remove(question);
	}

	/** The first reader, with what it wants to read, or {@code null} if there is none. */
	Map.@Nullable Entry<RecordReader, RecordedSource<T>> first() {
		return this.readers.isEmpty() ? null : this.readers.entrySet().iterator().next();
	}

	/** Lets all read that want to read this. */
	void serve(RecordLog<T> log) {
		takeReaders().forEach((reader, source) -> {
			RecordLog<T> only = source.only();
			if (only == null || only.epoch() == log.epoch()) {
				log.begin(reader);
			}
			else {
				fail(reader);
			}
		});
	}

	private Map<RecordReader, RecordedSource<T>> takeReaders() {
		if (this.readers.isEmpty()) {
			return Map.of();
		}
		Map<RecordReader, RecordedSource<T>> all = new LinkedHashMap<>(this.readers);
		this.readers.clear();
		return all;
	}

	private void fail(RecordReader reader) {
		reader.subscription().complete(HubResetException.ofRecorded(this.name));
	}

	/** Nothing is recorded: those fail who would not begin. */
	void failThoseWhoComeBack() {
		takeReaders().forEach((reader, source) -> {
			if (reader.comesBack() || source.only() != null) {
				fail(reader);
			}
			else {
				this.readers.put(reader, source);
			}
		});
	}

	/** What is recorded cannot be read. */
	void failAll() {
		takeReaders().forEach((reader, source) -> reader.subscription().complete(new RecordedLostException(this.name)));
	}

	void answer(@Nullable RecordLog<T> log) {
		this.questions.forEach((question) -> question.complete(log));
		this.questions.clear();
	}

	/** It cannot be known. */
	void refuseToAnswer() {
		this.questions
			.forEach((question) -> question.completeExceptionally(HubUnavailableException.ofRecorded(this.name)));
		this.questions.clear();
	}

}
