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

import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * What the application's code finds on its thread while it works for one connection: the
 * security context of the handshake, the trace, and what else the application carries
 * along. Taken by a {@link ContextCapture} when the handshake is accepted; from then on
 * whoever calls code of the application on behalf of the connection, on whichever thread,
 * does so between {@link #enter} and the end of its scope. Reactive pipelines find it in
 * their Reactor context.
 * <p>
 * A subclass says how its part gets onto a thread. It lives as long as the connection, is
 * entered by several threads at the same time, and hands out nothing by which what one
 * call does to it reaches another. Applications that only run pairs have no use for it.
 *
 * @since 0.1
 */
public abstract class CallContext {

	/**
	 * Nothing is carried, and entering it costs nothing.
	 */
	public static final CallContext NONE = new Nothing();

	private static final ThreadLocal<CallContext> CURRENT = new ThreadLocal<>();

	/**
	 * Returns the one that this thread is in.
	 * @return the innermost that was entered, or {@link #NONE}
	 */
	public static CallContext current() {
		CallContext current = CURRENT.get();
		return (current != null) ? current : NONE;
	}

	/**
	 * Returns the one of the connection that a pipeline runs for.
	 * @param context the Reactor context of its subscriber
	 * @return the context of the handshake, or {@link #NONE}
	 */
	public static CallContext from(ContextView context) {
		return context.<CallContext>getOrEmpty(CallContext.class).orElse(NONE);
	}

	/**
	 * Puts this onto the current thread, unless it is there already.
	 * @return takes it away again, to be closed by the same thread
	 */
	public final Scope enter() {
		if (this == NONE) {
			return Scope.NONE;
		}
		CallContext before = CURRENT.get();
		return (before != this) ? enter(before) : Scope.NONE;
	}

	private Scope enter(@Nullable CallContext before) {
		Scope applied = apply();
		CURRENT.set(this);
		return () -> {
			leave(before);
			applied.close();
		};
	}

	private static void leave(@Nullable CallContext before) {
		if (before != null) {
			CURRENT.set(before);
		}
		else {
			CURRENT.remove();
		}
	}

	/**
	 * Adds this to what a pipeline finds in its Reactor context.
	 * @param context the context so far
	 * @return the context with this
	 */
	public final Context addTo(Context context) {
		return (this != NONE) ? contribute(context.put(CallContext.class, this)) : context;
	}

	/** Returns an action that runs in this. */
	final Runnable wrap(Runnable action) {
		return (this == NONE) ? action : () -> {
			try (Scope scope = enter()) {
				action.run();
			}
		};
	}

	/** Returns a predicate that is asked in this. */
	final <T> Predicate<T> wrap(Predicate<T> predicate) {
		return (this == NONE) ? predicate : (value) -> {
			try (Scope scope = enter()) {
				return predicate.test(value);
			}
		};
	}

	/**
	 * Puts what was captured onto the current thread, also where nothing was: what the
	 * thread does for others must not be seen.
	 * @return gives the thread back what it had before
	 */
	protected abstract Scope apply();

	/**
	 * Adds what was captured to a Reactor context, for those who look for it there.
	 * @param context the context so far
	 * @return the context with what was captured
	 */
	protected Context contribute(Context context) {
		return context;
	}

	/**
	 * The time for which a thread is in a context.
	 */
	@FunctionalInterface
	public interface Scope extends AutoCloseable {

		/**
		 * Has nothing to take away.
		 */
		Scope NONE = () -> {
		};

		/**
		 * Gives the thread back what it had before.
		 */
		@Override
		void close();

	}

	private static final class Nothing extends CallContext {

		@Override
		protected Scope apply() {
			return Scope.NONE;
		}

	}

}
