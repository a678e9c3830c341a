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

package dev.halley.boot;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.core.context.SecurityContextImpl;

/**
 * Which threads have a security context.
 */
final class ThreadContexts implements SecurityContextHolderStrategy {

	private final Map<Thread, SecurityContext> contexts = new ConcurrentHashMap<>();

	@Override
	public void clearContext() {
		this.contexts.remove(Thread.currentThread());
	}

	@Override
	public SecurityContext getContext() {
		return this.contexts.computeIfAbsent(Thread.currentThread(), (thread) -> createEmptyContext());
	}

	@Override
	public void setContext(SecurityContext context) {
		this.contexts.put(Thread.currentThread(), context);
	}

	@Override
	public SecurityContext createEmptyContext() {
		return new SecurityContextImpl();
	}

	/** All that have one, be it empty. */
	Map<Thread, SecurityContext> all() {
		return this.contexts;
	}

}
