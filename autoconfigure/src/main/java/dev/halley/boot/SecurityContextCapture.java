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

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import reactor.util.context.Context;

import dev.halley.CallContext;
import dev.halley.ContextCapture;

/**
 * Carries the authentication of the handshake. Each call gets a security context of its
 * own: one that is shared could be changed for other calls, as a logout changes that of
 * the HTTP session.
 */
final class SecurityContextCapture implements ContextCapture {

	private final SecurityContextHolderStrategy strategy;

	SecurityContextCapture(SecurityContextHolderStrategy strategy) {
		this.strategy = strategy;
	}

	@Override
	public CallContext capture() {
		return new Captured(this.strategy, this.strategy.getContext().getAuthentication());
	}

	/**
	 * Whether a key of Micrometer's is one of Spring Security's for what is carried here.
	 */
	static boolean isKey(Object key) {
		return SecurityContext.class.getName().equals(key) || SecurityContext.class.equals(key);
	}

	private static final class Captured extends CallContext {

		private final SecurityContextHolderStrategy strategy;

		private final @Nullable Authentication authentication;

		Captured(SecurityContextHolderStrategy strategy, @Nullable Authentication authentication) {
			this.strategy = strategy;
			this.authentication = authentication;
		}

		@Override
		protected Scope apply() {
			SecurityContext before = this.strategy.getContext();
			if (this.authentication != null) {
				this.strategy.setContext(newContext(this.authentication));
			}
			else {
				this.strategy.clearContext();
			}
			return () -> restore(before);
		}

		private void restore(SecurityContext before) {
			if (before.getAuthentication() != null) {
				this.strategy.setContext(before);
			}
			else {
				this.strategy.clearContext();
			}
		}

		@Override
		protected Context contribute(Context context) {
			return (this.authentication != null)
					? context.putAll(ReactiveSecurityContextHolder.withAuthentication(this.authentication).readOnly())
						.put(SecurityContext.class.getName(), newContext(this.authentication))
					: context;
		}

		private SecurityContext newContext(Authentication authentication) {
			SecurityContext context = this.strategy.createEmptyContext();
			context.setAuthentication(authentication);
			return context;
		}

	}

}
