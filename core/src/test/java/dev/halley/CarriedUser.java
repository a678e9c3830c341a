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

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * Carries who is logged in, as {@link #NAME} says on a thread and {@code user} in the
 * Reactor context.
 */
public final class CarriedUser extends CallContext {

	/** The user on this thread. */
	public static final ThreadLocal<@Nullable String> NAME = new ThreadLocal<>();

	private final @Nullable String name;

	public CarriedUser(@Nullable String name) {
		this.name = name;
	}

	@Override
	protected Scope apply() {
		String before = NAME.get();
		set(this.name);
		return () -> set(before);
	}

	private static void set(@Nullable String name) {
		if (name != null) {
			NAME.set(name);
		}
		else {
			NAME.remove();
		}
	}

	@Override
	protected Context contribute(Context context) {
		return (this.name != null) ? context.put("user", this.name) : context;
	}

}
