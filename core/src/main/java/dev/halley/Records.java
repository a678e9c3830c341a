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
import java.util.concurrent.Executor;

/**
 * Where the records of sources are.
 */
interface Records {

	/** Goes on with what a thread leaves. */
	Executor others();

	/**
	 * Checks the type of a source.
	 * @throws IllegalArgumentException if that of the name is in use with another one
	 */
	void check(String name, Type type);

	/**
	 * Finds what a reader is to read, for which the source is begun unless it was before.
	 * @return subscribes the reader, and lets it read
	 * @throws RuntimeException if it cannot read
	 */
	<T> Runnable prepare(RecordedSource<T> source, RecordReader reader);

	/** Stops a source, if it runs. */
	<T> void stop(RecordedSource<T> source);

}
