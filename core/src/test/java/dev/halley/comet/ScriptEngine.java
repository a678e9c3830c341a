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

package dev.halley.comet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.ScriptableObject;

/**
 * A JavaScript engine with as much of a browser's window as the scripts of a Comet stream
 * use. {@code parent.cometMessage(x)} records {@code JSON.stringify(x)} when {@code x} is
 * no string.
 */
final class ScriptEngine {

	private static final String WINDOW = """
			var messages = [], removed = [];
			var parent = {
				cometMessage: function(m) { messages.push(typeof m === 'string' ? m : JSON.stringify(m)); },
				fails: function(m) { throw new Error(m); }
			};
			function tag(name) {
				return { parentNode: { removeChild: function(child) { removed.push(name); } } };
			}
			var document = { scripts: [tag('first'), tag('last')], currentScript: null };
			""";

	private static final ContextFactory FACTORY = new ContextFactory() {

		@Override
		protected boolean hasFeature(Context context, int feature) {
			// As in the standard, JSON.parse makes a plain member of "__proto__"
			return feature != Context.FEATURE_PARENT_PROTO_PROPERTIES && super.hasFeature(context, feature);
		}

	};

	private final ScriptableObject window;

	ScriptEngine() {
		this.window = call((context) -> {
			ScriptableObject created = context.initStandardObjects();
			context.evaluateString(created, WINDOW, "window", 1, null);
			return created;
		});
	}

	void run(String script) {
		call((context) -> context.evaluateString(this.window, script, "script", 1, null));
	}

	String evaluate(String expression) {
		run("parent.cometMessage(" + expression + ")");
		List<?> messages = (List<?>) this.window.get("messages", this.window);
		return messages.get(messages.size() - 1).toString();
	}

	List<String> messages() {
		return strings("messages");
	}

	List<String> removedTags() {
		return strings("removed");
	}

	private List<String> strings(String name) {
		return ((List<?>) this.window.get(name, this.window)).stream()
			.map(Object::toString)
			.collect(ArrayList::new, List::add, List::addAll);
	}

	private static <T> T call(Function<Context, T> action) {
		return FACTORY.call((context) -> {
			context.setInterpretedMode(true);
			context.setLanguageVersion(Context.VERSION_ES6);
			return action.apply(context);
		});
	}

}
