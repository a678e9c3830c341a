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

import reactor.util.context.Context;

/**
 * Several contexts as one. The last that was applied is the first to be taken away.
 */
final class CallContexts extends CallContext {

	private final List<CallContext> parts;

	private CallContexts(List<CallContext> parts) {
		this.parts = parts;
	}

	static CallContext of(List<CallContext> parts) {
		List<CallContext> some = parts.stream().filter((part) -> part != NONE).toList();
		return switch (some.size()) {
			case 0 -> NONE;
			case 1 -> some.get(0);
			default -> new CallContexts(some);
		};
	}

	@Override
	protected Scope apply() {
		Scope all = Scope.NONE;
		try {
			for (CallContext part : this.parts) {
				all = then(part.apply(), all);
			}
			return all;
		}
		catch (Throwable ex) {
			all.close();
			throw ex;
		}
	}

	private static Scope then(Scope first, Scope next) {
		return () -> {
			try (next) {
				first.close();
			}
		};
	}

	@Override
	protected Context contribute(Context context) {
		Context all = context;
		for (CallContext part : this.parts) {
			all = part.contribute(all);
		}
		return all;
	}

}
