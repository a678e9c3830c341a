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

package dev.halley.web;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Collection;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.SpringProxy;
import org.springframework.aop.support.AopUtils;
import org.springframework.web.method.HandlerMethod;

/**
 * Finds methods that the proxy of their bean cannot intercept. Such a method would run
 * without what the proxy is there for, such as method security or transactions, and a
 * proxy that is a subclass has none of the fields of the bean.
 */
final class ProxiedMethods {

	private static final String CLASS_PROXY = "a proxy of the class (proxyTargetClass = true in the annotation that "
			+ "enables it, or spring.aop.proxy-target-class=true)";

	private ProxiedMethods() {
	}

	/**
	 * Checks a method.
	 * @param method the method, as the class of the bean has it
	 * @param bean the bean, or its proxy
	 * @throws InvalidMappingException if the bean is a proxy that calls of the method
	 * pass by
	 */
	static void check(Method method, Object bean) {
		if (!(bean instanceof SpringProxy)) {
			return;
		}
		if (Proxy.isProxyClass(bean.getClass())) {
			checkInterfaces(method, bean.getClass());
			return;
		}
		String obstacle = obstacle(method, bean.getClass());
		if (obstacle != null) {
			throw new InvalidMappingException(method,
					"is " + obstacle + ", so that the proxy of its bean, which method security, transactions and "
							+ "the like need, cannot intercept it",
					"a method that is neither private nor final nor static, or annotations that need no proxy");
		}
	}

	private static void checkInterfaces(Method method, Class<?> proxyType) {
		try {
			AopUtils.selectInvocableMethod(method, proxyType);
		}
		catch (IllegalStateException ex) {
			throw new InvalidMappingException(method,
					"is in none of the interfaces of its bean, whose proxy has nothing but these",
					"the method in an interface that the class implements, or " + CLASS_PROXY, ex);
		}
	}

	/**
	 * Finds the method to call on a bean that may be a proxy of interfaces, and was none
	 * yet when its methods were looked for.
	 * @param method the method with its bean
	 * @return the method, of an interface if the bean has nothing else
	 */
	static HandlerMethod invocable(HandlerMethod method) {
		Object bean = method.getBean();
		return method.getMethod().getDeclaringClass().isInstance(bean) ? method
				: new HandlerMethod(bean, AopUtils.selectInvocableMethod(method.getMethod(), bean.getClass()));
	}

	/**
	 * Checks that a mapping on a method was found, which nobody sees through a proxy of
	 * interfaces if the class has it.
	 * @param method the mapped method of the class
	 * @param bean the bean, or its proxy
	 * @param found the methods that were found in all beans
	 * @throws InvalidMappingException if the method is not among them
	 */
	static void checkFound(Method method, Object bean, Collection<HandlerMethod> found) {
		boolean hidden = Proxy.isProxyClass(bean.getClass()) && found.stream()
			.noneMatch((other) -> other.getMethod().getName().equals(method.getName())
					&& other.getMethod().getDeclaringClass().isAssignableFrom(method.getDeclaringClass()));
		if (hidden) {
			throw new InvalidMappingException(method,
					"has its mapping in the class, but the proxy of its bean has the annotations of its interfaces only",
					"the mapping on the method of the interface, or " + CLASS_PROXY);
		}
	}

	private static @Nullable String obstacle(Method method, Class<?> proxyType) {
		int modifiers = method.getModifiers();
		if (Modifier.isPrivate(modifiers)) {
			return "private";
		}
		if (Modifier.isFinal(modifiers)) {
			return "final";
		}
		if (Modifier.isStatic(modifiers)) {
			return "static";
		}
		boolean visible = Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers)
				|| isSamePackage(method.getDeclaringClass(), proxyType);
		return visible ? null : "package-private in a package, or of a class loader, that is not the proxy's";
	}

	/** As the virtual machine sees packages, of which each class loader has its own. */
	private static boolean isSamePackage(Class<?> declaring, Class<?> proxyType) {
		return declaring.getClassLoader() == proxyType.getClassLoader()
				&& declaring.getPackageName().equals(proxyType.getPackageName());
	}

}
