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

/**
 * Sources that are recorded in this process, in a time that tests let pass.
 */
abstract class RecordedInMemory extends RecordedSources {

	final HubTime time = new HubTime();

	final InMemoryHubs hubs = this.time.hubs(Duration.ZERO);

	final Recorded<String> answer = recorded(Recording.keptFor(KEEP));

	final Recorded<String> recorded(Recording recording) {
		return this.hubs.recorded("answer", String.class, this::source, recording);
	}

	static StrictSubscriber read(Out<?> out) {
		StrictSubscriber reader = StrictSubscriber.unbounded(SMALL);
		out.elements().subscribe(reader);
		return reader;
	}

	static Position position(Object event) {
		return ((HubEvent<?>) event).position();
	}

}
